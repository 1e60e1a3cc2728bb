"""The proposal of a drafted notice: within what hosts accept, and with nothing of a target's that they would act on."""

from zoneinfo import ZoneInfo

import pytest

from constat.availability import Episode, Fall
from constat.maintainers.outage_draft import OutageSummary, renew_proposal, title_proposal, write_body
from constat.model import PageSettings

NOW = 1_795_600_800
LONGEST_TITLE = 255 - len("Draft: ")
LONGEST_BODY = 65_536


def _tell(*falls: Fall, recovered: int | None = None) -> OutageSummary:
    page = PageSettings("maxony", "Maxony", "https://status.maxony.example/", ("en",), ZoneInfo("UTC"), {})
    return OutageSummary(
        Episode(falls, recovered), page, {fall.service: {"en": fall.service} for fall in falls}
    )


def test_proposal_for_a_total_outage_is_bounded() -> None:
    """The first services are named, and the others counted."""
    falls = [Fall(f"service-{number:04}", NOW, NOW + 60, "timeout " + "x" * 190) for number in range(1000)]
    told = _tell(*falls, recovered=NOW + 60)
    title, body = title_proposal(told), write_body(told, ("en",))
    assert len(title) <= LONGEST_TITLE
    assert title.startswith("service-0000, service-0001, ")
    assert " and 990 more: measured working again since" in title
    assert len(body) <= LONGEST_BODY
    assert "\n\n900 more are not listed here.\n\n**Measured working again" in body
    assert title_proposal(_tell(Fall("n" * 400, NOW, None, ""))).startswith("n" * 150 + ": down since")


@pytest.mark.parametrize(
    ("reason", "cell"),
    [
        ("content '@maxony/ops fixes #12'", "`content '@maxony/ops fixes #12'`"),
        ("content https://evil.example <b>", "`content https://evil.example <b>`"),
        ("status `a`", "`status 'a'`"),
        ("status a|b", r"`status a\|b`"),
        ("status a\\|b", r"`status a\\\|b`"),
        ("status a%2Cb", "`status a,b`"),
        ("", ""),
    ],
)
def test_target_text_is_quoted_as_code(reason: str, cell: str) -> None:
    """Text from a server mentions no user, closes no issue and makes no link."""
    body = write_body(_tell(Fall("api", NOW, None, reason)), ("en",))
    assert f"| {cell} | no |" in body


def test_body_edited_in_a_browser_is_updated() -> None:
    """Browsers send the line breaks of forms."""
    before = _tell(Fall("api", NOW, None, "timeout"))
    after = _tell(Fall("api", NOW, NOW + 600, "timeout"), recovered=NOW + 600)
    edited = f"On it.\n\n{write_body(before, ('en',))}".replace("\n", "\r\n")
    title, body = renew_proposal(title_proposal(before), edited, after)
    assert title == title_proposal(after)
    assert body.startswith("On it.\r\n\r\n<!-- constat ")
    assert "**Measured working again" in body
    assert renew_proposal(title, body, after) == (title, body)
