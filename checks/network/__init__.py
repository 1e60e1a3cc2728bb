"""Connections, sessions and look-ups, each bounded by the deadline of the probe that makes it."""
