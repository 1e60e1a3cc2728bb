"""Links and pictures of an imported text: relative links become absolute, pictures are copied or linked."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from constat.moving.html_scan import Sort, scan
from constat.notices import markup

_TARGET: Final = r"\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)"
_PICTURE: Final = re.compile(r"(?<!\\)!\[([^\]\n]*)\]" + _TARGET)
_NAMED_PICTURE: Final = re.compile(r"(?<!\\)!\[([^\]\n]*)\](?:\[([^\]\n]*)\]|(?![(\[]))")
_LINK: Final = re.compile(r"(?<!\\)\]" + _TARGET)
_DEFINITION: Final = re.compile(r"^( {0,3}\[[^\]\n]+\]:[ \t]*)<?([^\s<>]+)>?", re.MULTILINE)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class LinkContext(NamedTuple):
    """The context of the links of a text.

    `page`: the old URL of the notice, absolute, or empty where that of the site is not known. `place_picture`: takes the
    target of a picture, and returns its path below `incidents/` (`files/a.png`); `None` where it was not copied.
    """

    page: str
    place_picture: Callable[[str], str | None]


class Linked(NamedTuple):
    """A text whose links lead somewhere; `notes`: what was changed, each with what was done."""

    text: str
    notes: tuple[tuple[str, str], ...]


def fit_links(text: str, context: LinkContext) -> Linked:
    """Fit every link and picture of a Markdown text, outside of code."""
    if "](" not in text and "]:" not in text:
        return Linked(text, ())
    notes: list[tuple[str, str]] = []
    definitions = {match[1].strip(" []:\t").lower(): match[2] for match in _DEFINITION.finditer(text)}
    fitter = _Fitter(context, notes, definitions)
    pieces = [fitter.fit(piece.text) if piece.sort is Sort.WORDS else piece.text for piece in scan(text)]
    return Linked("".join(pieces), tuple(dict.fromkeys(notes)))


class _Fitter(NamedTuple):
    context: LinkContext
    notes: list[tuple[str, str]]
    definitions: Mapping[str, str]

    def fit(self, words: str) -> str:
        """Fit the links of some words that hold no code."""
        if self.definitions and "![" in words:
            words = _NAMED_PICTURE.sub(self._name_target, words)
        if "](" in words:
            words = _PICTURE.sub(self._fit_picture, words)
            words = _LINK.sub(self._fit_link, words)
        return _DEFINITION.sub(self._fit_definition, words) if "]:" in words else words

    def _name_target(self, match: re.Match[str]) -> str:
        """Write the target of a picture, defined elsewhere in the text, in its place."""
        target = self.definitions.get((match[2] or match[1]).strip().lower())
        return f"![{match[1]}]({target})" if target else match[0]

    def _fit_picture(self, match: re.Match[str]) -> str:
        alt, target = match[1], match[2]
        if markup.resolve_picture(target) and target.startswith(markup.FILES):
            return match[0]
        path = self.context.place_picture(target)
        if path:
            self.notes.append((f"the picture {target}", f"copied to incidents/{path}"))
            return f"![{alt}]({path})"
        url = self._make_absolute(target)
        if not url:
            self.notes.append((f"the picture {target}", "not found; its name stays in the text"))
            return f"{alt} ({target})" if alt else target
        self.notes.append((f"the picture {target}", f"linked: {url}"))
        return f"[{alt or target}]({url})"

    def _fit_link(self, match: re.Match[str]) -> str:
        target = match[1]
        if not target or markup.resolve_picture(target):
            return match[0] if target else "] ()"
        url = self._make_absolute(target)
        if url == target:
            return match[0]
        if url:
            self.notes.append((f"the link {target}", f"made absolute: {url}"))
            return f"]({url})"
        self.notes.append((f"the link {target}", "has no target here; its address stays in the text"))
        return f"] ({target})"

    def _fit_definition(self, match: re.Match[str]) -> str:
        url = self._make_absolute(match[2])
        if url and url != match[2]:
            self.notes.append((f"the link {match[2]}", f"made absolute: {url}"))
        return f"{match[1]}{url}" if url else match[0]

    def _make_absolute(self, target: str) -> str:
        """The absolute URL of a target; empty where it has none that may be published."""
        if _SCHEME.match(target) or target.startswith("//"):
            url = f"https:{target}" if target.startswith("//") else target
            return url if markup.is_sound_url(url) else ""
        if not self.context.page:
            return ""
        try:
            url = urljoin(self.context.page, target)
        except ValueError:
            return ""
        return url if markup.is_sound_url(url) else ""


def join_site(base_url: str, path: str) -> str:
    """The URL of a path of a site, which may itself be below a path; empty without a base."""
    if not base_url or not urlsplit(base_url).netloc:
        return ""
    return f"{base_url.rstrip('/')}/{quote(path.lstrip('/'), safe='/%~:@!$&()*+,;=-._')}"
