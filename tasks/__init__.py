"""Tasks on an open project: look, build, freeze, verify, notify. No argv, no print, no exit."""
