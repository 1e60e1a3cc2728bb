"""The address that leads maintainers to a notice which is already half written."""

from urllib.parse import parse_qs, urlsplit

from constat.interval import parse_instant
from constat.model import Repository
from constat.posts.compose_address import address_compose, name_outage, name_update
from tests.support.page_scenes import make_settings

PAGE = make_settings()._replace(repository=Repository("github", "https://github.com/maxony/status"))
SINCE = parse_instant("2026-11-23T01:56Z")


def test_outage_fills_in_the_form() -> None:
    fragment = name_outage(["api", "smtp"], since=SINCE, until=SINCE + 600, wording="down")
    assert address_compose(PAGE, "en", fragment) == (
        "https://status.maxony.example/en/compose/#service=api&service=smtp"
        "&since=2026-11-23T01:56:00Z&until=2026-11-23T02:06:00Z&wording=down"
    )


def test_an_update_names_its_notice_and_its_state() -> None:
    assert name_update("2026-11-23-relais", "resolved") == "notice=2026-11-23-relais&state=resolved"
    address = address_compose(PAGE, "fr", name_update("2026-11-23-relais"))
    assert address == "https://status.maxony.example/compose/#notice=2026-11-23-relais"


def test_form_is_empty_without_an_outage() -> None:
    assert address_compose(PAGE, "fr") == "https://status.maxony.example/compose/"


def test_special_characters_are_escaped() -> None:
    fragment = urlsplit(address_compose(PAGE, "fr", name_outage(["a&b=c#d é"], wording="x y+z"))).fragment
    assert parse_qs(fragment) == {"service": ["a&b=c#d é"], "wording": ["x y+z"]}


def test_no_address_without_a_repository() -> None:
    assert address_compose(make_settings(), "fr", name_outage(["api"])) == ""
