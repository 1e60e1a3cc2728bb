"""Checks that Globalping makes for us: what to ask of it, and what its answers say of the target."""
