"""The world outside: the disk, git, mail, chat and the web, read from and written to."""
