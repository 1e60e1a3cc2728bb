"""Pages from a page: the same facts as HTML in every language."""

from constat.render.site import render_pages

__all__ = ["render_pages"]
