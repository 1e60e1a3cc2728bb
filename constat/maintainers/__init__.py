"""What maintainers read: what a page costs, what a job did, what merging would publish."""
