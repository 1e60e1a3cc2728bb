"""Stores: the places outside that a site is taken to, one module for each."""
