"""Addresses inside the site: every link is relative, so that the site works at any path, and without a server of ours."""

from typing import NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup

from constat.model import PageSettings


class Links(NamedTuple):
    """The links of one page: `path` is its own folder below that of its language (`""`, `incidents/2026-.../`)."""

    settings: PageSettings
    language: str
    path: str
    anywhere: bool = False
    """It is shown at addresses that we do not know (404): only a link from the root of the host reaches home."""

    @property
    def root(self) -> str:
        """From this page to the root of the site."""
        if self.anywhere:
            return urlsplit(self.settings.url).path
        return "../" * (self.path.count("/") + bool(self.settings.folder(self.language))) or "./"

    def to(self, path: str) -> str:
        """A page in the language of this one."""
        return self.root + self.settings.folder(self.language) + path

    def file(self, path: str) -> str:
        """A file at the root of the site."""
        return self.root + path

    def inside(self, language: str) -> str:
        """This same page in another language."""
        return self.root + self.settings.folder(language) + self.path

    def anchor(self, path: str) -> Markup:
        """A link to a file at the root of the site, by its address."""
        return Markup('<a href="{}">{}</a>').format(self.file(path), path)

    def absolute(self, language: str) -> str:
        """This same page in a language, as the world calls it."""
        return self.settings.home(language) + self.path
