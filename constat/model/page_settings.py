"""The section `page` of `status.yml`: whose page it is, how it looks, and where its project is kept."""

from collections.abc import Mapping
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from constat.model.local_text import LocalText


class Brand(NamedTuple):
    """The brand of a page: pictures below `templates/`, colours as `#rrggbb`, a sentence at the foot."""

    logo: str | None = None
    logo_dark: str | None = None
    accent: str | None = None
    accent_dark: str | None = None
    footer: LocalText | None = None


RepositoryHost = Literal["github", "gitlab", "forgejo"]
"""The kinds of hosts for which we know the address that creates a new file; `forgejo` also serves Gitea."""


class Repository(NamedTuple):
    """Where the project is kept: the address of the repository, without a final slash, and the branch that is published.

    `folder`: the project's folder in it, empty for the top, else with a final slash.
    """

    host: RepositoryHost
    url: str
    branch: str = "main"
    folder: str = ""


Density = Literal["comfortable", "compact"]
"""How much room a service takes: a few lines, or one."""


class PageSettings(NamedTuple):
    """The page itself. `id` is permanent, `url` ends with a slash. The first language is the default, at the root.

    `resolver`: where readers' browsers may ask for records by DNS over HTTPS, if anywhere.
    """

    id: str
    name: str
    url: str
    languages: tuple[str, ...]
    timezone: ZoneInfo
    links: Mapping[str, str]
    brand: Brand = Brand()
    repository: Repository | None = None
    density: Density | None = None
    resolver: str | None = None

    def folder(self, language: str) -> str:
        """The folder of a language inside the site: empty for the first, else `en/`."""
        return "" if language == self.languages[0] else f"{language}/"

    def home(self, language: str) -> str:
        """The address of the page in a language."""
        return self.url + self.folder(language)
