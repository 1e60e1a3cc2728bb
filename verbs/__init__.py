"""What the command line can do: one verb per file. Each parses its options, wires, prints and returns the exit code."""
