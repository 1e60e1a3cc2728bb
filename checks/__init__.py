"""The kinds of check, the runner, and everything that a probe needs."""
