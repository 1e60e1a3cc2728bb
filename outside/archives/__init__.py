"""Archives: the places from which the day files of years that were moved away are read, one module for each kind."""
