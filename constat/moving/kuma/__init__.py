"""Uptime Kuma: monitors, heartbeats, incidents and maintenance of one status page, in the common model."""
