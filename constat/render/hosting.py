"""Files for hosts and search engines: robots.txt, sitemap.xml, headers, and .nojekyll for GitHub Pages."""

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
/metrics
  Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8
/*.rss
  Content-Type: text/xml; charset=utf-8
/*.atom
  Content-Type: text/xml; charset=utf-8
"""
"""For hosts that read a `_headers` file. The content security policy is in the pages themselves.

Browsers show a feed of type application/rss+xml as bare text; as text/xml it is shown with its stylesheet.
"""

PAGE = "index.html"


def build_files(settings: PageSettings, pages: Iterable[str]) -> dict[str, bytes]:
    """The files by path in the site; `pages` are the paths of all pages."""
    return {
        ".nojekyll": b"",
        "_headers": HEADERS.encode(),
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {settings.url}sitemap.xml\n".encode(),
        "sitemap.xml": _build_sitemap(
            settings.url, [path for path in pages if path.rpartition("/")[2] == PAGE]
        ),
    }


def _build_sitemap(home: str, pages: Iterable[str]) -> bytes:
    """The sitemap of some pages, in the format of sitemaps.org."""
    urls = "".join(
        f"<url><loc>{escape(home + path.removesuffix(PAGE))}</loc></url>\n" for path in sorted(pages)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    ).encode()
