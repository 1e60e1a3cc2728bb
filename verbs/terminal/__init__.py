"""Parts that several verbs share of the command line: options, the clock, and what is printed while a task goes on."""

INTERRUPTED = 130
"""The exit code of a command that somebody interrupted, as shells have it."""
