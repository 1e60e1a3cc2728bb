"""The embedded default: a small Maxony on loopback that speaks the real protocols."""
