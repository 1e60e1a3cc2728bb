"""The banner's files: small, and with only what is going on or comes soon."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from constat.embed import widget
from constat.page import Page, ShownNotice
from tests.support.page_objects import (
    make_incident,
    make_maintenance,
    make_page,
    make_update,
    parse_time,
    present_notice,
)
from tests.support.two_languages import LANGUAGES, TEMPLATES

SOURCE = (TEMPLATES / "widget.js").read_bytes()
BROKEN = make_incident("2026-11-23-smtp", make_update("2026-11-23 10:12", "identified", "Nous regardons."))


def get_notices(shown_page: Page, language: str = "fr") -> list[dict[str, Any]]:
    files = widget.build_files(shown_page, LANGUAGES, {"widget.js": SOURCE})
    notices: list[dict[str, Any]] = json.loads(files[f"widget/{language}.json"])["notices"]
    return notices


def make_upcoming(stem: str, day: str) -> ShownNotice:
    return present_notice(make_maintenance(stem, f"{day} 21:00", f"{day} 23:00"), "upcoming")


def test_the_script_is_small() -> None:
    """Under 3 KB, compressed as a host sends it."""
    files = widget.build_files(make_page(), LANGUAGES, {"widget.js": SOURCE})
    assert len(gzip.compress(files["widget.js"], 9)) < 3_000


def test_the_script_knows_the_languages_of_the_page() -> None:
    files = widget.build_files(make_page(), LANGUAGES, {"widget.js": SOURCE})
    assert b'const languages = ["fr","en"];' in files["widget.js"]
    assert sorted(files) == ["widget.js", "widget/en.json", "widget/fr.json"]


def test_incidents_come_before_planned_maintenance() -> None:
    planned = make_upcoming("2026-12-01-relay", "2026-12-01")
    assert [
        (notice["id"], notice["headline"])
        for notice in get_notices(make_page([planned, present_notice(BROKEN)]))
    ] == [
        ("2026-11-23-smtp", "[Cause trouvée] Relais SMTP\u00a0: Envois retardés"),
        ("2026-12-01-relay", "[Maintenance prévue] Relais SMTP\u00a0: Remplacement de deux relais"),
    ]


def test_past_and_distant_notices_are_left_out() -> None:
    far = make_upcoming("2026-12-20-relay", "2026-12-20")
    assert get_notices(make_page([far, present_notice(BROKEN, "past")])) == []


def test_a_maintenance_that_began_without_an_update_is_in_progress() -> None:
    started = present_notice(
        make_maintenance("2026-11-24-relay", "2026-11-24 08:00", "2026-11-24 12:00"), state="in_progress"
    )
    (notice,) = get_notices(make_page([started]), "en")
    assert notice["headline"].startswith("[Maintenance in progress] SMTP relay:")
    assert (notice["phase"], notice["starts"], notice["ends"]) == (
        "open",
        "2026-11-24T08:00:00Z",
        "2026-11-24T12:00:00Z",
    )


def test_the_same_page_gives_the_same_bytes() -> None:
    planned = make_page([make_upcoming("2026-12-01-relay", "2026-12-01")])
    later = replace(planned, now=parse_time("2026-11-24 10:00"))
    assert widget.build_files(planned, LANGUAGES, {"widget.js": SOURCE}) == widget.build_files(
        later, LANGUAGES, {"widget.js": SOURCE}
    )


def test_the_documentation_lists_what_is_stored() -> None:
    """By the names that the script uses."""
    documentation = (Path(TEMPLATES).parent / "docs" / "widget.md").read_text(encoding="utf-8")
    stored = json.loads(documentation.split("```json\n")[1].split("```")[0])
    assert [f"{name}:" in SOURCE.decode() for name in stored] == [True] * 4
