"""The demo: a small Maxony on loopback that speaks the real protocols, and its simulated past."""
