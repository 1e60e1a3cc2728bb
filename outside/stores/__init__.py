"""Stores: the places that a site is uploaded to, one module for each kind."""
