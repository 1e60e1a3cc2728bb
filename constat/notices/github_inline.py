"""GitHub's additions to plain Markdown (the GFM specification): bare addresses as links, and text struck out.

Also, `#4711` is a number and not a heading, and a backslash at the end of a line breaks it.
"""

import re
from html import unescape
from typing import Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import HashHeaderProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, SimpleTagInlineProcessor, SubstituteTagInlineProcessor

_HOST: Final = r"[A-Za-z0-9][\w-]*(?:\.[\w-]+)+"
_WEB: Final = rf"(?<![\w/@.:\"'=-])((?:https?://|www\.)(?:{_HOST}|[A-Za-z0-9][\w-]*)[^\s<>\"\x02\x03]*)"
_MAIL: Final = rf"(?<![\w/:.+-])([A-Za-z0-9][\w.+-]*@{_HOST})"
_LOOSE_END: Final = "?!.,:*_~;'\""
"""Characters that may follow an address in a sentence and are not part of it (6.9)."""


class _Addresses(InlineProcessor):
    """A bare web address."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override] # noqa: N802 (the library's name)
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002 (the library's signature)
    ) -> tuple[Element | None, int | None, int | None]:
        """Make the address a link, without what follows it in the sentence."""
        address = _trim(m[1])
        if address.rstrip(".").lower() == "www" or ("." not in address and not address.startswith("http")):
            return None, None, None
        link = Element("a")
        link.set("href", self.unescape(address if address[:4].lower() == "http" else f"http://{address}"))
        link.text = _as_text(address)
        return link, m.start(0), m.start(1) + len(address)


class _MailAddresses(InlineProcessor):
    """A bare mail address."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override] # noqa: N802 (the library's name)
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002 (the library's signature)
    ) -> tuple[Element | None, int | None, int | None]:
        """Make the address a link; one that ends in a hyphen or an underscore is not an address (6.9)."""
        address = m[1].rstrip(".")
        if address[-1] in "-_":
            return None, None, None
        link = Element("a")
        link.set("href", f"mailto:{address}")
        link.text = _as_text(address)
        return link, m.start(0), m.start(1) + len(address)


def _as_text(address: str) -> str:
    """The address as the text of its link, which is not searched for further markup."""
    from markdown.util import AtomicString  # noqa: PLC0415 -- beside its only use

    return AtomicString(unescape(address))


def _trim(address: str) -> str:
    """Leave out what ends the sentence, and a bracket that was opened before the address."""
    while address:
        if address[-1] in _LOOSE_END or (address[-1] == ")" and address.count(")") > address.count("(")):
            address = address[:-1]
        else:
            break
    return address


class _Headings(HashHeaderProcessor):
    """Headings with a space after their `#` signs (4.2)."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})(?P<header>[ \t](?:\\.|[^\\])*?)#*(?:\n|$)")


class GitHubInline(Extension):
    """Adds all these patterns to a converter."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the library's name)
        """Register the patterns, each before those that would take a part of it."""
        patterns = md.inlinePatterns
        patterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "backslash_break", 185)
        patterns.register(_Addresses(_WEB, md), "bare_address", 115)
        patterns.register(_MailAddresses(_MAIL, md), "bare_mail", 114)
        patterns.register(SimpleTagInlineProcessor(r"(~~)(?=\S)(.+?)(?<=\S)~~", "del"), "struck", 65)
        md.parser.blockprocessors.register(_Headings(md.parser), "hashheader", 70)
