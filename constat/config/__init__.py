"""`status.yml`: read strictly, all problems at once, into the immutable `Config`."""
