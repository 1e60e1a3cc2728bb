"""What hosts and search engines read: robots.txt, sitemap.xml, headers, and a word to GitHub Pages."""

from collections.abc import Iterable

from markupsafe import escape

from constat.model import PageSettings

HEADERS = """\
/*
  X-Content-Type-Options: nosniff
  X-Frame-Options: DENY
  Referrer-Policy: no-referrer
  Permissions-Policy: interest-cohort=()
  Cache-Control: public, max-age=60
/api/*
  Access-Control-Allow-Origin: *
/badge/*
  Access-Control-Allow-Origin: *
/evidence/*
  Access-Control-Allow-Origin: *
/widget.js
  Access-Control-Allow-Origin: *
/widget/*
  Access-Control-Allow-Origin: *
/*.rss
  Content-Type: text/xml; charset=utf-8
/*.atom
  Content-Type: text/xml; charset=utf-8
"""
"""For hosts that read a file of headers. What the page itself may do, it says in its own policy.

Browsers show a feed of its own type as bare text; as XML it is shown with the stylesheet that says what it is.
"""

PAGE = "index.html"


def build_files(settings: PageSettings, pages: Iterable[str]) -> dict[str, bytes]:
    """The files by their path."""
    return {
        ".nojekyll": b"",
        "_headers": HEADERS.encode(),
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {settings.url}sitemap.xml\n".encode(),
        "sitemap.xml": _sitemap(settings.url, [path for path in pages if path.rpartition("/")[2] == PAGE]),
    }


def _sitemap(home: str, pages: Iterable[str]) -> bytes:
    """Every page, as sitemaps.org has it."""
    places = "".join(
        f"<url><loc>{escape(home + path.removesuffix(PAGE))}</loc></url>\n" for path in sorted(pages)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n'
    ).encode()
