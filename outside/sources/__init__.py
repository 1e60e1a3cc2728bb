"""Sources: engines that look for us, and what is asked of each."""
