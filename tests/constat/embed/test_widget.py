"""What the banner is told: little, and only what matters now or soon."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from constat.embed import widget
from constat.page import Page, ShownNotice
from tests.support.page_objects import at, incident, maintenance, page, shown, update
from tests.support.two_languages import LANGUAGES, TEMPLATES

SOURCE = (TEMPLATES / "widget.js").read_bytes()
BROKEN = incident("2026-11-23-smtp", update("2026-11-23 10:12", "identified", "Nous regardons."))


def said(shown_page: Page, language: str = "fr") -> list[dict[str, Any]]:
    files = widget.build_files(shown_page, LANGUAGES, {"widget.js": SOURCE})
    found: list[dict[str, Any]] = json.loads(files[f"widget/{language}.json"])["notices"]
    return found


def coming(stem: str, day: str) -> ShownNotice:
    return shown(maintenance(stem, f"{day} 21:00", f"{day} 23:00"), "upcoming")


def test_the_script_is_small() -> None:
    """Under 3 KB as a host sends it."""
    files = widget.build_files(page(), LANGUAGES, {"widget.js": SOURCE})
    assert len(gzip.compress(files["widget.js"], 9)) < 3_000


def test_the_script_knows_the_languages_of_the_page() -> None:
    files = widget.build_files(page(), LANGUAGES, {"widget.js": SOURCE})
    assert b'const languages = ["fr","en"];' in files["widget.js"]
    assert sorted(files) == ["widget.js", "widget/en.json", "widget/fr.json"]


def test_what_goes_on_comes_before_what_is_planned() -> None:
    planned = coming("2026-12-01-relay", "2026-12-01")
    assert [(one["id"], one["headline"]) for one in said(page([planned, shown(BROKEN)]))] == [
        ("2026-11-23-smtp", "[Cause trouvée] Relais SMTP\u00a0: Envois retardés"),
        ("2026-12-01-relay", "[Maintenance prévue] Relais SMTP\u00a0: Remplacement de deux relais"),
    ]


def test_what_is_over_or_far_away_is_not_told() -> None:
    far = coming("2026-12-20-relay", "2026-12-20")
    assert said(page([far, shown(BROKEN, "past")])) == []


def test_a_maintenance_that_began_without_a_word_is_in_progress() -> None:
    begun = shown(
        maintenance("2026-11-24-relay", "2026-11-24 08:00", "2026-11-24 12:00"), state="in_progress"
    )
    (one,) = said(page([begun]), "en")
    assert one["headline"].startswith("[Maintenance in progress] SMTP relay:")
    assert (one["phase"], one["starts"], one["ends"]) == (
        "open",
        "2026-11-24T08:00:00Z",
        "2026-11-24T12:00:00Z",
    )


def test_the_same_page_gives_the_same_bytes() -> None:
    planned = page([coming("2026-12-01-relay", "2026-12-01")])
    later = replace(planned, now=at("2026-11-24 10:00"))
    assert widget.build_files(planned, LANGUAGES, {"widget.js": SOURCE}) == widget.build_files(
        later, LANGUAGES, {"widget.js": SOURCE}
    )


def test_the_documentation_shows_what_is_stored() -> None:
    """As the script names it."""
    documentation = (Path(TEMPLATES).parent / "docs" / "widget.md").read_text(encoding="utf-8")
    stored = json.loads(documentation.split("```json\n")[1].split("```")[0])
    assert [f"{name}:" in SOURCE.decode() for name in stored] == [True] * 4
