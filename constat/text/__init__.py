"""Text, read and written: YAML with line numbers, canonical JSON, host names, reason cells, suggestions, reports of problems."""
