"""The wording of who sees what where a service is checked from several places: the same on the page and in interfaces."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import Instant
from constat.model import Views
from constat.page import Page


def join_vantage_names(page: Page, vantages: Iterable[str], language: Language) -> Markup:
    """The names of vantages, as a list in words."""
    return language.listing(page.vantage_name(vantage, language.code) for vantage in vantages)


def describe_difference(page: Page, views: Views, language: Language) -> Markup:
    """Say who sees a service down while others reach it; empty where they agree."""
    if not views.differ:
        return Markup()
    return language.say(
        "Down as seen from %(down)s; reachable from %(working)s.",
        down=join_vantage_names(page, views.down, language),
        working=join_vantage_names(page, views.working, language),
    )


def describe_silence(page: Page, views: Views, language: Language) -> Iterator[Markup]:
    """One sentence for each vantage that has fallen silent while others look."""
    for silence in views.silent if views.looking else ():
        if silence.since is None:
            yield language.say(
                "Checked from %(looking)s; nothing heard from %(silent)s.",
                looking=join_vantage_names(page, views.looking, language),
                silent=page.vantage_name(silence.vantage, language.code),
            )
            continue
        yield language.say(
            "Checked from %(looking)s; %(silent)s has been silent %(since)s.",
            looking=join_vantage_names(page, views.looking, language),
            silent=page.vantage_name(silence.vantage, language.code),
            since=language.since(silence.since),
        )


def describe_viewers(page: Page, service: str, start: Instant, language: Language) -> Markup:
    """The vantages that saw an outage of a service; empty where only one looks, or none saw it."""
    shown_service = page.service(service)
    vantages = shown_service.viewers.get(start, ()) if shown_service else ()
    if not vantages:
        return Markup()
    return language.say("Seen from %(places)s.", places=join_vantage_names(page, vantages, language))
