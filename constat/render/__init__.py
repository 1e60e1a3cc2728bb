"""Pages from a page: the same facts as HTML in every language."""

from constat.render.site import render

__all__ = ["render"]
