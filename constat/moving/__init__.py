"""Import and export: other status pages read into our model, and our services and notices written in theirs."""
