"""Text in and out: YAML with line numbers, canonical JSON, suggestions, lists of problems."""
