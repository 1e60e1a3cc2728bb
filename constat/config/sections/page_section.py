"""The section `page` of `status.yml`, as it is written and as it is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from constat.config.fields import Colour, Language, LocalText, Name, NamedZone, Picture, Text, Url, about
from constat.model import settings


@dataclass(frozen=True, slots=True)
class Brand:
    """The brand of the page. Templates and the stylesheet can be replaced too: docs/theming.md."""

    logo: Annotated[
        Picture | None, about("A picture in templates/, shown beside the name at the head of the page.")
    ] = None
    logo_dark: Annotated[
        Picture | None, about("The same for dark screens, where that needs another picture.")
    ] = None
    accent: Annotated[
        Colour | None,
        about(
            "The colour of the line under the present language, and of the initial where there is no logo: at least 4.5 to 1 on white."
        ),
    ] = None
    accent_dark: Annotated[
        Colour | None, about("The same for dark screens: at least 4.5 to 1 on #161614.")
    ] = None
    footer: Annotated[LocalText | None, about("A sentence at the foot of every page.")] = None


@dataclass(frozen=True, slots=True)
class Page:
    """The status page itself."""

    id: Annotated[Name, about("A permanent name: the ids of feeds and calendars are built on it.")]
    name: Annotated[Text, about("The name at the head of the page.")]
    url: Annotated[Url, about("The URL at which the page is published.")]
    languages: Annotated[
        tuple[Language, ...], about("The page's languages. The first is the default and is found at /.")
    ]
    timezone: Annotated[NamedZone, about("The time zone of the page's days, months and times.")]
    links: Annotated[
        Mapping[Literal["website", "privacy", "imprint", "contact"], Url],
        about("Addresses shown at the foot of every page."),
    ] = field(default_factory=dict)
    density: Annotated[
        Literal["comfortable", "compact"] | None,
        about("How much room a service takes (default: compact, one line each, from eight services on)."),
    ] = None
    brand: Annotated[Brand, about("Logo, accent colour, a sentence at the foot.")] = field(
        default_factory=Brand
    )


def resolve_page(page: Page) -> settings.PageSettings:
    """Resolve the page; its URL ends with a slash."""
    return settings.PageSettings(
        id=page.id,
        name=page.name,
        url=page.url if page.url.endswith("/") else f"{page.url}/",
        languages=page.languages,
        timezone=page.timezone,
        links={str(name): url for name, url in page.links.items()},
        brand=_resolve_brand(page.brand),
        density=page.density,
    )


def _resolve_brand(brand: Brand) -> settings.Brand:
    return settings.Brand(
        logo=brand.logo,
        logo_dark=brand.logo_dark,
        accent=brand.accent,
        accent_dark=brand.accent_dark,
        footer=brand.footer,
    )
