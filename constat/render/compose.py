"""The page on which a maintainer writes a notice (`/compose/`): what it offers, and what its script works with."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import DAY_S, MINUTE_S
from constat.model import STATES, State, choose_text
from constat.notices import Wording
from constat.notices.browser_rules import build_rules
from constat.page import Page, ShownNotice, ShownService
from constat.posts import compose_headline, name_state
from constat.posts.compose_address import COMPOSE, name_outage, name_update
from constat.render.compose_times import describe_times
from constat.render.compose_words import write_words
from constat.render.links import Links
from constat.render.notice_texts import state_label
from constat.render.repository_hosts import HOSTS, LONGEST_ADDRESS, Host

SOONEST_NEWS_S = (30 * MINUTE_S, 60 * MINUTE_S, 120 * MINUTE_S, 240 * MINUTE_S)
"""The choices for the next news."""

_REVIEWED_FOR_S = 31 * DAY_S
"""How long after its end an incident may be picked for a review."""

_MANY = 200
"""More services than anyone names; counted in words for each number up to it."""


class Offer(NamedTuple):
    """Something to write about, and the fragment that fills it in. `is_over`: it was down, and works again."""

    text: str | Markup
    fragment: str
    is_over: bool = False


def list_outages(page: Page, language: Language) -> tuple[Offer, ...]:
    """What is down now, or was until a while ago, and no open notice explains; all of it together where it is several."""
    faults = [
        fault
        for fault in (*page.banner.faults, *page.banner.also)
        if fault.kind in ("outage", "degraded", "recovered") and fault.notice is None
    ]
    services = {service.id: service for service in page.services}
    offers = [_offer(services[fault.service], language) for fault in faults]
    begun = [services[fault.service].standing.since for fault in faults if fault.kind != "recovered"]
    if len(begun) > 1:
        ongoing = [fault.service for fault in faults if fault.kind != "recovered"]
        since = min((at for at in begun if at is not None), default=None)
        offers.append(Offer(language.say("All of them in one notice"), name_outage(ongoing, since=since)))
    return tuple(offers)


def _offer(service: ShownService, language: Language) -> Offer:
    name, standing = language.name(service.name), service.standing
    if standing.recovered:
        outage = standing.recovered
        fragment = name_outage([service.id], since=outage.start, until=outage.end)
        back = language.back(outage.end)
        text = language.say("%(service)s: %(state)s. Write about it", service=name, state=back)
        return Offer(text, fragment, is_over=True)
    is_down = standing.status.name == "OUTAGE"
    fragment = name_outage([service.id], since=standing.since, wording="" if is_down else "errors")
    since = language.since(standing.since) if standing.since is not None else ""
    if is_down:
        text = language.say("%(service)s: down %(since)s. Write about it", service=name, since=since)
    else:
        text = language.say(
            "%(service)s: not working normally %(since)s. Write about it", service=name, since=since
        )
    return Offer(text, fragment)


def list_updatable(page: Page) -> tuple[ShownNotice, ...]:
    """The notices that an update may be written for: the open and planned ones."""
    return (*page.open, *page.upcoming)


def may_be_resolved(shown_notice: ShownNotice) -> bool:
    """Whether an update may say that an incident is over."""
    return shown_notice.notice.kind == "incident" and shown_notice.phase == "open"


def update_fragment(shown_notice: ShownNotice, state: State | None = None) -> str:
    """The fragment that begins an update of a notice."""
    return name_update(shown_notice.notice.stem, state)


def compose_path(links: Links, fragment: str = "") -> str:
    """The link to the page, with something filled in."""
    return links.to(COMPOSE) + (f"#{fragment}" if fragment else "")


def is_offered(page: Page) -> bool:
    """Whether the project says where it is kept."""
    return page.settings.repository is not None


def host_of(page: Page) -> Host:
    """The host that keeps the project."""
    repository = page.settings.repository
    return HOSTS[repository.host if repository else "github"]


def build_content(
    page: Page, language: Language, languages: Iterable[Language], wordings: Mapping[str, Wording]
) -> Markup:
    """What the script works with, as JSON that may stand in a page."""
    every = tuple(languages)
    codes = tuple(each.code for each in every)
    content = {
        "zone": page.settings.timezone.key,
        "languages": [_describe_language(page, each) for each in every],
        "services": list(page.names),
        "wordings": [_describe_wording(each, codes) for each in wordings.values()],
        "notices": [_describe_notice(shown) for shown in page.notices if may_be_updated(page, shown)],
        "stems": [shown.notice.stem for shown in page.notices],
        "repository": _describe_repository(page),
        "rules": build_rules(),
        "words": write_words(language, host_of(page).name),
    }
    return Markup(json.dumps(content, separators=(",", ":")).replace("<", "\\u003c"))  # noqa: S704 -- no tag can begin in it


def _describe_language(page: Page, language: Language) -> dict[str, Any]:
    marks = {"label": "{state}", "title": "{title}"}
    numbers = range(4, min(len(page.names), _MANY) + 1)
    return {
        "code": language.code,
        "zone": language.zone_name,
        "times": describe_times(language),
        "everything": str(language.say("All in general")),
        "labels": {
            state: str(state_label(state, language)) for states in STATES.values() for state in states
        },
        "subjects": {state: name_state(language, state) for states in STATES.values() for state in states},
        "services": {name: choose_text(text, language.code) or name for name, text in page.names.items()},
        "counted": {
            number: str(language.say_many("%(n)s service", "%(n)s services", number)) for number in numbers
        },
        "headline": compose_headline(page, language, services=("{services}",), **marks),
        "bare": compose_headline(page, language, services=(), **marks),
    }


def _describe_wording(wording: Wording, codes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "name": wording.name,
        "for": wording.about,
        "impact": wording.impact,
        "titles": {code: wording.title(code) for code in codes},
        "texts": {code: wording.texts.get(code, "") for code in codes},
    }


def may_be_updated(page: Page, shown_notice: ShownNotice) -> bool:
    """Whether an update may follow: a notice that is not over, or an incident that awaits its review."""
    notice = shown_notice.notice
    is_recent = notice.state == "resolved" and notice.updates[-1].at > page.now - _REVIEWED_FOR_S
    return shown_notice.phase != "past" or is_recent


def _describe_notice(shown_notice: ShownNotice) -> dict[str, Any]:
    notice = shown_notice.notice
    first = next(iter(notice.texts))
    return {
        "stem": notice.stem,
        "kind": notice.kind,
        "impact": notice.impact,
        "services": list(notice.services),
        "titles": {code: text.title for code, text in notice.texts.items()},
        "languages": [code for code in notice.texts if code != first],
        "updates": [{"at": update.at, "state": update.state} for update in notice.updates],
    }


def _describe_repository(page: Page) -> dict[str, Any]:
    repository = page.settings.repository
    if repository is None:
        return {}
    host = host_of(page)
    return {
        "new": repository.url + host.new,
        "edit": repository.url + host.edit,
        "branch": repository.branch,
        "folder": repository.folder,
        "longest": LONGEST_ADDRESS,
    }


def list_news_times(language: Language) -> Iterator[tuple[int, str]]:
    """The choices for the next news: seconds from now, and in words."""
    return ((seconds, language.duration(seconds)) for seconds in SOONEST_NEWS_S)
