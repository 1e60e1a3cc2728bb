"""Sanitised HTML with absolute links, for readers who are not on the page: feeds, mail, the API."""

import re
from html import escape, unescape
from urllib.parse import urljoin

_TAG = re.compile(r"""<[A-Za-z][^"<>]*(?:"[^"]*"[^"<>]*)*>""")
"""A start tag as the sanitiser writes it: every attribute value in double quotes."""

_ABSOLUTE = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")

_LINK = re.compile(r"""(\s(?:href|src)=")([^"]*)(")""")


def make_links_absolute(html: str, base: str) -> str:
    """Resolve every `href` and `src` of sanitised HTML against the address of its page."""

    def resolve(link: re.Match[str]) -> str:
        if _ABSOLUTE.match(link[2]):
            return link[0]
        return link[1] + escape(urljoin(base, unescape(link[2])), quote=True) + link[3]

    return _TAG.sub(lambda start_tag: _LINK.sub(resolve, start_tag[0]), html)
