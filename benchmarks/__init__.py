"""The benchmarks behind our promises about time and space, one file each. `make bench` runs them all."""
