"""Routes by which people are notified: mail, and every service that Apprise knows."""
