"""How we look: the kinds of check, the runner, and everything that a probe needs."""
