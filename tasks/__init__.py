"""Tasks on an open project: look, build, freeze, verify, notify. None reads `sys.argv`, prints or exits."""
