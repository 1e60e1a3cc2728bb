"""The installed program: everything of it lies below this one package, so that no other name lands in site-packages."""
