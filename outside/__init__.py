"""Who else is told: the disk, git, mail, chat, the web."""
