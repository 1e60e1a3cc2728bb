"""The published site: replaced as a whole, packed, read back as a customer would, served on localhost."""
