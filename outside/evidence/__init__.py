"""The evidence store: the folder history/ on this machine."""
