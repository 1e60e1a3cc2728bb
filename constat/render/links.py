"""Links inside the site. All are relative, so that the site works at any path and needs no server of its own."""

from typing import NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup

from constat.model import PageSettings


class Links(NamedTuple):
    """The links of one page. `path` is its folder below that of its language: `""` or `incidents/2026-.../`.

    `at_any_path`: the host shows the page at unknown paths (404), so its links must start at the root of the host.
    """

    settings: PageSettings
    language: str
    path: str
    at_any_path: bool = False

    @property
    def root(self) -> str:
        """The link from this page to the root of the site."""
        if self.at_any_path:
            return urlsplit(self.settings.url).path
        return "../" * (self.path.count("/") + bool(self.settings.folder(self.language))) or "./"

    def to(self, path: str) -> str:
        """The link to another page in the language of this one."""
        return self.root + self.settings.folder(self.language) + path

    def file(self, path: str) -> str:
        """The link to a file, given its path from the root of the site."""
        return self.root + path

    def in_language(self, language: str) -> str:
        """The link to this page in another language."""
        return self.root + self.settings.folder(language) + self.path

    def anchor(self, path: str) -> Markup:
        """A link element to a file, given its path from the root of the site, which is also its text."""
        return Markup('<a href="{}">{}</a>').format(self.file(path), path)

    def absolute(self, language: str) -> str:
        """The absolute URL of this page in a language."""
        return self.settings.home(language) + self.path
