"""The meaning of the evidence, as a pure library: no sockets, no argv, no environment, no clock, no print, no disk."""
