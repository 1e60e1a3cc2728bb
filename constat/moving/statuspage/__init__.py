"""Reading what Statuspage publishes below `/api/v2/`, its exports, and compatible services."""
