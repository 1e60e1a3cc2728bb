"""Renders a `Page` as HTML, in every language of the page."""

from constat.render.site import RenderInputs, render_pages, render_statement

__all__ = ["RenderInputs", "render_pages", "render_statement"]
