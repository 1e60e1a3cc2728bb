"""Reading and writing text: YAML with line numbers, canonical JSON, suggestions, lists of problems."""
