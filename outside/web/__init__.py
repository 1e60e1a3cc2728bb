"""Fetching from publishers whom nobody here has reason to trust."""
