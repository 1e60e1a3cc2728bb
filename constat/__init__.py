"""The meaning of the evidence: a pure library. No sockets, no argv, no environment, no clock, no print, no disk."""
