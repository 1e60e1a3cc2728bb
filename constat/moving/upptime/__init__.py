"""Upptime: the sites of `.upptimerc.yml`, and every look that the history of its repository holds."""
