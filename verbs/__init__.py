"""The verbs of the command line, one per file: each parses its options, calls a task, prints, returns the exit code."""
