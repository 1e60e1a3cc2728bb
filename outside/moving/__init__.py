"""Reading other status pages: their files, repositories, databases and web addresses."""
