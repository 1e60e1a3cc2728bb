"""Archives: the places outside where day files of years that were moved away are read from, one module for each kind."""
