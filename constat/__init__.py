"""What it means: a pure library. No sockets, no argv, no environment, no clock, no print, no disk."""
