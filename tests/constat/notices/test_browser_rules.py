"""The checker in the browser and `validate` agree: on every bad notice that the form can make, on times, names and YAML."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from constat import notices
from constat.errors import Problem
from constat.interval import parse_instant
from constat.model import RepositoryHost
from constat.notices.drafting import make_slug, make_stem
from constat.notices.times import TimeError, read_clock
from constat.render.repository_hosts import HOSTS
from tests.support.notice_drafts import Draft, InexpressibleError, call_script, express

BAD = sorted((Path(__file__).parent / "bad").glob("*.md"))
NOW = parse_instant("2026-11-24T12:00Z")
ZONE = ZoneInfo("Europe/Zurich")
SERVICES = ("smtp", "api", "website")
CONTEXT = notices.NoticeContext(SERVICES, ("fr",), ZONE, NOW, pictures=["incidents/files/graph.png"])
KNOWN = {"services": SERVICES, "stems": ["2026-11-20-relay"]}

INEXPRESSIBLE = {
    "ends-of-incident",
    "front-matter-bomb",
    "front-matter-not-yaml",
    "front-matter-not-yaml-and-more",
    "front-matter-without-end",
    "heading-time-without-offset",
    "impact-of-maintenance",
    "neither-update-nor-start",
    "no-front-matter",
    "no-kind",
    "no-services",
    "remind-unreadable",
    "services-text",
    "time-impossible",
    "time-in-words",
    "time-too-far",
    "time-without-offset",
    "unknown-key",
    "unknown-kind",
    "unknown-kind-and-more",
    "update-next-without-offset",
    "update-of-maintenance-changes-services",
    "update-service-misspelt",
}
"""The form writes front matter, keys, kinds and times itself, and has no place for these mistakes."""

WRITTEN_RIGHT = {
    "another-year-than-its-name": "the form names the file by the start",
    "front-matter-twice": "it writes each key once",
    "offset-of-another-season": "it writes the offset of the zone",
    "title-cut-by-a-comment": "it quotes the title",
}
"""Mistakes that are lost when the form makes the file: there is nothing to find."""

UNSEEN = {"picture-missing": "the page does not know which pictures there are"}


def _validate(
    files: dict[str, bytes], languages: tuple[str, ...] = ("fr",)
) -> tuple[Any, tuple[Problem, ...]]:
    return notices.parse_notices(files, CONTEXT._replace(languages=languages))


def _expressible() -> dict[str, list[Draft]]:
    found = {}
    for path in BAD:
        try:
            found[path.stem] = express(path.read_bytes(), CONTEXT)
        except InexpressibleError:
            continue
    return found


def test_both_checkers_agree_on_every_bad_notice_that_the_form_can_make() -> None:
    drafts = _expressible()
    calls = [("check", draft, KNOWN) for steps in drafts.values() for draft in steps]
    answers = iter(call_script(ZONE.key, calls))
    told = {
        name: {problem["level"] for _ in steps for problem in next(answers)} for name, steps in drafts.items()
    }
    expected = {}
    for path in BAD:
        _, problems = _validate({"incidents/2026-11-20-relay.md": path.read_bytes()})
        expected[path.stem] = {each.severity for each in problems} - {"note"}
    differing = {name: (told[name], expected[name]) for name in told if told[name] != expected[name]}
    assert set(differing) == {*WRITTEN_RIGHT, *UNSEEN}, differing
    assert {path.stem for path in BAD} - set(drafts) == INEXPRESSIBLE


BAD_TEXTS = [
    "[x][ref]\n\n[ref]: javascript:alert(1)",
    "![x][ref]\n\n[ref]: https://a.example/x.png",
    "[a [nested]](javascript:x)",
    "[![x](https://a.example/x.png)](https://a.example/)",
    "[x](https://a b)",
    "[x](https:a.example)",
    "[x](//a.example/)",
    "[x](java\nscript:alert(1))",
    "https://user:secret@a.example/",
    "<javascript:alert(1)>",
    '<a href="javascript:x">a</a>',
    "<img src=x>",
    "<svg/onload=alert(1)>",
    "> ## quoted",
    "\\`<blink>`",
    "Impact: major",
    "nexte: soon",
    "&#x202e;abc",
    "<!-- FILL IN: what -->",
    "a\n" * 5000,
]
GOOD_TEXTS = [
    '[x](https://a.example/ "title") <https://a.example/> <a@b.example> [y](mailto:a@b.example)',
    "[![x](files/graph.png)](https://a.example/) <img alt=x src=files/graph.png><br/>",
    "``<blink>`` `[x](javascript:a)` 1. a < b #7",
    "[^1]\n\n[^1]: a footnote",
    "a\n\n#",
]


def test_both_checkers_agree_on_harmful_and_harmless_texts() -> None:
    texts = [*BAD_TEXTS, *GOOD_TEXTS]
    drafts = [_draft(texts=[{"language": "fr", "title": "a", "text": text}]) for text in texts]
    checks = call_script(ZONE.key, [("check", draft, KNOWN) for draft in drafts])
    files = call_script(ZONE.key, [("compose", draft, []) for draft in drafts])
    for text, told, [file] in zip(texts, checks, files, strict=True):
        _, problems = _validate({file["path"]: file["text"].encode()})
        assert {each["level"] for each in told} == {each.severity for each in problems} - {"note"}, text
        assert bool(told) == (text in BAD_TEXTS), text


def _draft(**changes: object) -> Draft:
    text = {"language": "fr", "title": "Le relais", "text": "Le courrier attend."}
    draft: Draft = {
        "kind": "incident",
        "services": ["smtp"],
        "impact": "major",
        "at": NOW - 600,
        "state": "investigating",
        "starts": NOW - 1200,
        "ends": None,
        "next": NOW + 3600,
        "notice": None,
        "texts": [text],
    }
    return draft | changes


TITLES = [
    "Le relais : en panne",
    "a: b",
    "- dash",
    "#4711",
    'He said "no" \\ twice',
    "'single'",
    "yes",
    "2026-11-20",
    "[list]",
    "{map}",
    "*anchor &alias",
    "% directive",
    "a #b",
    "Größe, Ç\u2019est \u2013 ÿ (x)",
    "\u65e5\u672c\u8a9e",
    "x" * 120,
    "<3 of you & me",
    "{{ jinja }} ${x} $& $1",
    "---",
]
TEXTS = [
    "",
    "impact: huge\nnext: never",
    "--- \ntitle: other\n---",
    "### Heading\n\n- a\n  - b\n\n```\n## 2026-11-20T10:00+01:00 resolved\n<script>\n```",
    "`<b>` and `[x](y)` are code; https://www.maxony.example/ and [this](https://www.maxony.example/?a=1&b=2#c).",
    "1 < 2 and 3 > 2, 100 %, {services}",
    "\r\nwindows\r\nlines\r\n",
    "x" * 9000,
]


def test_form_output_is_read_back_unchanged() -> None:
    """Titles that YAML would take for something else, texts that look like keys, front matter or updates."""
    drafts = [_draft(texts=[{"language": "fr", "title": title, "text": "a"}]) for title in TITLES]
    drafts += [_draft(texts=[{"language": "fr", "title": "a", "text": text}]) for text in TEXTS]
    calls: list[tuple[object, ...]] = [("compose", draft, []) for draft in drafts]
    answers = call_script(ZONE.key, [*calls, *(("check", draft, KNOWN) for draft in drafts)])
    half = len(drafts)
    for draft, files, told in zip(drafts, answers[:half], answers[half:], strict=True):
        [notice], problems = _validate({file["path"]: file["text"].encode() for file in files})
        assert [each.severity for each in problems] == [each["level"] for each in told], draft
        assert {each.severity for each in problems} <= {"warning"}, draft
        assert notice.texts["fr"].title == draft["texts"][0]["title"]
        assert (notice.starts, notice.next, notice.impact) == (NOW - 1200, NOW + 3600, "major")
        assert [(update.at, update.state) for update in notice.updates] == [(NOW - 600, "investigating")]


def test_a_maintenance_in_three_languages_is_three_files() -> None:
    texts = [
        {"language": "fr", "title": "Relais", "text": "Nous remplaçons."},
        {"language": "en", "title": "Relays", "text": "We replace."},
        {"language": "de", "title": "", "text": ""},
    ]
    times = {"starts": NOW + 3600, "ends": NOW + 7200, "next": None, "impact": ""}
    draft = _draft(kind="maintenance", texts=texts, state="", **times)
    [files, problems] = call_script(
        ZONE.key, [("compose", draft, ["2026-11-24-relais"]), ("check", draft, KNOWN)]
    )
    assert [file["path"] for file in files] == [
        "incidents/2026-11-24-relais-2.md",
        "incidents/2026-11-24-relais-2.en.md",
    ]
    assert problems == [{"level": "warning", "rule": "language-missing", "detail": "", "language": "de"}]
    [notice], told = _validate({file["path"]: file["text"].encode() for file in files}, ("fr", "en", "de"))
    assert [problem.message for problem in told] == ["no translation into de"]
    assert (notice.texts["en"].title, notice.starts, notice.ends) == ("Relays", NOW + 3600, NOW + 7200)


def test_an_update_is_added_at_the_end_in_every_language_that_the_notice_has() -> None:
    texts = [
        {"language": "fr", "title": "Relais", "text": "On regarde."},
        {"language": "en", "title": "Relay", "text": "We look."},
    ]
    first = _draft(texts=texts)
    notice = {
        "stem": "2026-11-24-relais",
        "kind": "incident",
        "impact": "major",
        "languages": ["en"],
        "updates": [{"at": NOW - 600, "state": "investigating"}],
    }
    over = {"at": NOW - 60, "state": "resolved", "impact": "minor", "next": None, "notice": notice}
    second = _draft(texts=[{**text, "text": "ok"} for text in texts], **over)
    [files, more, problems] = call_script(
        ZONE.key, [("compose", first, []), ("compose", second, []), ("check", second, KNOWN)]
    )
    assert problems == []
    assert [file["path"] for file in more] == [file["path"] for file in files]
    both = {
        file["path"]: f"{file['text'].rstrip()}\n\n{update['text']}".encode()
        for file, update in zip(files, more, strict=True)
    }
    [read], told = _validate(both, ("fr", "en"))
    assert told == ()
    assert (read.state, read.impact, read.texts["en"].updates[-1].text) == ("resolved", "minor", "ok")


CLOCKS = [
    "2026-03-29T01:59",
    "2026-03-29T02:30",
    "2026-03-29T03:00",
    "2026-10-25T01:59",
    "2026-10-25T02:30",
    "2026-10-25T03:00",
    "2026-12-31T23:59",
]


@pytest.mark.parametrize(
    "zone", ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)
def test_times_are_read_as_on_the_command_line(zone: str) -> None:
    """A nonexistent time has no instant, an ambiguous one has two; any other is read as by `new`."""
    clocks = [*CLOCKS, *(f"2026-04-05T0{hour}:{minute}" for hour in range(4) for minute in ("15", "45"))]
    for clock, instants in zip(
        clocks, call_script(zone, [("readClock", clock) for clock in clocks]), strict=True
    ):
        assert _read(clock, ZoneInfo(zone)) == (instants if len(instants) == 1 else len(instants)), clock


def _read(clock: str, zone: ZoneInfo) -> list[int] | int:
    """The instant of a time; of one that does not exist or occurs twice, how often it does."""
    try:
        return [read_clock(clock, zone)]
    except TimeError as error:
        return 2 if "twice" in str(error) else 0


def test_file_name_matches_that_of_the_command() -> None:
    titles = [
        *TITLES,
        "Große ŒUVRE, Łódź, Ærø",
        "Café \u2014 l\u2019œuvre \u21165 \ufb01n",
        "a" * 61,
        " ".join(["relais"] * 30),
    ]
    drafts = [_draft(texts=[{"language": "fr", "title": title, "text": "a"}]) for title in titles]
    for title, [file] in zip(
        titles, call_script(ZONE.key, [("compose", each, []) for each in drafts]), strict=True
    ):
        assert file["path"] == f"incidents/{make_stem('2026-11-24', title, ())}.md", make_slug(title)
    assert make_slug("Große ŒUVRE, Łódź, Ærø") == "grosse-oeuvre-lodz-aero"


REPOSITORIES: dict[RepositoryHost, tuple[str, str]] = {
    "github": (
        "https://github.com/maxony/status/new/feature/x%20%231?filename=page/incidents/a.md&value=%26%C3%A9%0A%25",
        "https://github.com/maxony/status/edit/feature/x%20%231/page/incidents/a.md",
    ),
    "gitlab": (
        "https://gitlab.com/maxony/status/-/new/feature/x%20%231?file_name=page/incidents/a.md&content=%26%C3%A9%0A%25",
        "https://gitlab.com/maxony/status/-/edit/feature/x%20%231/page/incidents/a.md",
    ),
    "forgejo": (
        "https://codeberg.org/maxony/status/_new/feature/x%20%231/?filename=page/incidents/a.md&value=%26%C3%A9%0A%25",
        "https://codeberg.org/maxony/status/_edit/feature/x%20%231/page/incidents/a.md",
    ),
}


def test_each_host_gets_the_address_that_it_documents() -> None:
    """A branch with a slash, a blank and a hash, a project in a folder, a text with what has a meaning in addresses."""
    given = ("incidents/a.md", "feature/x #1", "&é\n%")
    new: Draft = {"notice": None}
    update: Draft = {"notice": {}}
    calls: list[tuple[object, ...]] = []
    for host, (address, _) in REPOSITORIES.items():
        url = address.partition("/status")[0] + "/status"
        paths = {"new": url + HOSTS[host].new, "edit": url + HOSTS[host].edit}
        repository = {**paths, "branch": "main", "folder": "page/"}
        calls += [("address", repository, draft, *given) for draft in (new, update)]
        calls += [("address", repository, new, "a.md", "", "")]
    answers = call_script(ZONE.key, calls)
    assert [*zip(answers[::3], answers[1::3], strict=True)] == list(REPOSITORIES.values())
    assert all("/main" in address for address in answers[2::3])
    assert REPOSITORIES.keys() == HOSTS.keys()
