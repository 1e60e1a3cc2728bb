"""The section `page` of `status.yml`, as it is written and as it is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal
from urllib.parse import urlsplit

from constat.config.fields import Colour, Language, LocalText, Name, NamedZone, Picture, Text, Url, about
from constat.model import page_settings


@dataclass(frozen=True, slots=True)
class Brand:
    """The brand of the page. Templates and the stylesheet can be replaced too: docs/theming.md."""

    logo: Annotated[
        Picture | None, about("A picture in templates/, shown beside the name at the head of the page.")
    ] = None
    logo_dark: Annotated[Picture | None, about("The same for dark mode, if that needs another picture.")] = (
        None
    )
    accent: Annotated[
        Colour | None,
        about(
            "The colour of the line under the current language, and of the initial if there is no logo: contrast of at least 4.5 to 1 on white."
        ),
    ] = None
    accent_dark: Annotated[
        Colour | None, about("The same for dark mode: contrast of at least 4.5 to 1 on #161614.")
    ] = None
    footer: Annotated[LocalText | None, about("A sentence at the foot of every page.")] = None


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository of the project, at a host where notices can be written in the browser: docs/compose.md."""

    url: Annotated[Url, about("The address of the repository: https://github.com/maxony/status.")]
    branch: Annotated[Text, about("The branch that is published.")] = "main"
    folder: Annotated[Text | None, about("The folder of the project, if it is not at the top level.")] = None
    host: Annotated[
        page_settings.RepositoryHost | None,
        about("The software of the host, if its address does not show it. For Gitea it is forgejo."),
    ] = None


@dataclass(frozen=True, slots=True)
class Page:
    """The status page itself."""

    id: Annotated[Name, about("A permanent name, from which the ids of feeds and calendars are built.")]
    name: Annotated[Text, about("The name at the head of the page.")]
    url: Annotated[Url, about("The URL at which the page is published.")]
    languages: Annotated[
        tuple[Language, ...], about("The page's languages. The first is the default and is published at /.")
    ]
    timezone: Annotated[NamedZone, about("The time zone of the page's days, months and times.")]
    links: Annotated[
        Mapping[Literal["website", "privacy", "imprint", "contact"], Url],
        about("Addresses shown at the foot of every page."),
    ] = field(default_factory=dict)
    density: Annotated[
        Literal["comfortable", "compact"] | None,
        about(
            "How much space a service takes (default: compact, one line each, with eight or more services)."
        ),
    ] = None
    resolver: Annotated[
        Url | None,
        about("Your own resolver for readers' browsers, with DNS over HTTPS (RFC 8484): docs/adopting.md."),
    ] = None
    brand: Annotated[Brand, about("Logo, accent colour, a sentence at the foot.")] = field(
        default_factory=Brand
    )
    repository: Annotated[
        Repository | None,
        about("Where the project is kept; if set, /compose/ is built, for writing notices in the browser."),
    ] = None


_HOSTS: Mapping[str, page_settings.RepositoryHost] = {
    "github": "github",
    "gitlab": "gitlab",
    "codeberg": "forgejo",
    "forgejo": "forgejo",
    "gitea": "forgejo",
}
"""The software of a host, by the first label of its name: gitlab.com, gitlab.maxony.example."""


def guess_host(repository: Repository) -> page_settings.RepositoryHost | None:
    """The software of the host of a repository: as written, else guessed from its name; `None` where neither says."""
    name = urlsplit(repository.url).hostname or ""
    return repository.host or _HOSTS.get(name.split(".")[0])


def resolve_page(page: Page) -> page_settings.PageSettings:
    """Resolve the page; its URL ends with a slash."""
    return page_settings.PageSettings(
        id=page.id,
        name=page.name,
        url=page.url if page.url.endswith("/") else f"{page.url}/",
        languages=page.languages,
        timezone=page.timezone,
        links={str(name): url for name, url in page.links.items()},
        brand=_resolve_brand(page.brand),
        repository=_resolve_repository(page.repository),
        density=page.density,
        resolver=page.resolver,
    )


def _resolve_repository(written: Repository | None) -> page_settings.Repository | None:
    """Resolve the repository; `None` where there is none, or its kind is not known, which is noted elsewhere."""
    host = guess_host(written) if written else None
    if written is None or host is None:
        return None
    folder = (written.folder or "").strip("/")
    url = written.url.rstrip("/").removesuffix(".git")
    return page_settings.Repository(host, url, written.branch, f"{folder}/" if folder else "")


def _resolve_brand(brand: Brand) -> page_settings.Brand:
    return page_settings.Brand(
        logo=brand.logo,
        logo_dark=brand.logo_dark,
        accent=brand.accent,
        accent_dark=brand.accent_dark,
        footer=brand.footer,
    )
