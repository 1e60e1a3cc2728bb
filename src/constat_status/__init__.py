"""The installed program: all of it is below this one package, so that no other name ends up in site-packages."""
