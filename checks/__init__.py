"""How we look: one kind of check per file, the registry, the runner."""
