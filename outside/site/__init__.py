"""The published site: written whole, packed, read back as a customer would, served on localhost."""
