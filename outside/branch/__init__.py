"""The branch `history`: git, the clone at `history/`, and commits that only append."""
