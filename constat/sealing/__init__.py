"""Seals: what is due for one, what a site shows of them, and whether a past still holds those that somebody kept."""

from constat.sealing.due import build_seals, list_due_paths

__all__ = ["build_seals", "list_due_paths"]
