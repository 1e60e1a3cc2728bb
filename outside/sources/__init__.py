"""Sources: monitoring engines whose samples become evidence, and what to ask of each."""
