"""Texts for maintainers: the cost of a page, the summary of a job, the review of a change."""
