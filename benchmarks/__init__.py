"""What the promises about time and space rest on: each file measures one part. `make bench` runs them all."""
