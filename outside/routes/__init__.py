"""The routes by which people are notified, one module each: `registry` knows them by name."""
