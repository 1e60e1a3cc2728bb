"""The files that people write in a project, and the starter that begins one."""
