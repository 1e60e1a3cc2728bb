"""Renders a `Page` as HTML, in every language of the page."""

from constat.render.site import (
    RenderInputs,
    build_hosting_files,
    list_pages,
    render_statement,
)

__all__ = ["RenderInputs", "build_hosting_files", "list_pages", "render_statement"]
