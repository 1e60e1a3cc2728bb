"""Checks that others make for us: what to ask of them, and what their answers say of the target."""
