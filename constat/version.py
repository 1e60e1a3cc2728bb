"""The version of Constat, which packaging reads as well."""

VERSION = "0.1.0"
