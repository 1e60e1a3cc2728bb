"""Pages from a page: HTML in every language."""
