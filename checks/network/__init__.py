"""Connections, sessions and look-ups that several kinds share, each bounded by the probe's deadline."""
