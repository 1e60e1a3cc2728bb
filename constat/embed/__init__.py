"""Files that other sites embed: badges, and the banner for other software."""
