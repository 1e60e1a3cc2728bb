"""Moving in and out: other status pages read into our shapes, and ours written in theirs."""
