"""Shared parts of the verbs: options, the clock, and the output of running tasks."""

INTERRUPTED = 130
"""The exit code of an interrupted command, by the convention of shells (128 + SIGINT)."""
