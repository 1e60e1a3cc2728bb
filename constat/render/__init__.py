"""Renders a `Page` as HTML, in every language of the page."""

from constat.render.site import render_pages, render_statement

__all__ = ["render_pages", "render_statement"]
