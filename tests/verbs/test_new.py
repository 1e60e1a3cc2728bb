"""`new` writes notices that validate and prints their paths, and refuses to write any that do not."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from constat.model import STATES
from constat.notices.wordings import read_wordings
from tests.support.command_line import generate_here
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

NOW = "2026-11-24T09:25:16Z"
INCIDENT = "2026-11-24-le-relais-est-lent.md"


def generate(root: Path, *words: str, now: str = NOW) -> subprocess.CompletedProcess[str]:
    return generate_here(*words, "--root", str(root), "--now", now)


def new(root: Path, *words: str, now: str = NOW) -> subprocess.CompletedProcess[str]:
    return generate_here("new", "--root", str(root), "--now", now, *words)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_project(
        tmp_path,
        format_service("smtp", "kind: tcp, host: smtp.example.org, port: 25"),
        format_service("api", "kind: tcp, host: api.example.org, port: 443"),
    )
    path = tmp_path / "status.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("[fr]", "[fr, en, pt]"), encoding="utf-8")
    catalog = tmp_path / "templates/translations/pt.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8"\n', encoding="utf-8")
    return tmp_path


def read_written(project: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((project / "incidents").glob("*"))}


def errors(project: Path) -> Iterator[str]:
    for line in generate(project, "validate").stdout.splitlines():
        if ": warning: " not in line and ": hint: " not in line:
            yield line


def test_incident_is_created_and_valid_in_two_commands(project: Path) -> None:
    ended = new(
        project,
        "incident",
        "Le relais est lent",
        "--services",
        "smtp,api",
        "--impact",
        "major",
        "--text",
        "Le courrier attend.",
        "--next",
        "30m",
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert read_written(project) == {
        INCIDENT: "---\ntitle: Le relais est lent\nkind: incident\nservices: [smtp, api]\nimpact: major\n---\n\n"
        "## 2026-11-24T10:25+01:00 investigating\nnext: 2026-11-24T10:55+01:00\n\nLe courrier attend.\n"
    }
    assert not list(errors(project))


def test_path_and_publishing_commands_are_printed(project: Path) -> None:
    """The commands run as printed, from the folder in which `new` was called."""
    origin = project.parent / f"{project.name}.git"
    for words in (
        ["init", "--quiet", "--bare", str(origin)],
        ["init", "--quiet", str(project)],
        ["-C", str(project), "config", "push.autoSetupRemote", "true"],
        ["-C", str(project), "config", "user.name", "x"],
        ["-C", str(project), "config", "user.email", "x@example.org"],
        ["-C", str(project), "remote", "add", "origin", str(origin)],
    ):
        subprocess.run(["git", *words], check=True)  # noqa: S603, S607 (our own words)
    said = new(project, "incident", "Le relais d'été est lent", "--services", "smtp").stdout.splitlines()
    path = "incidents/2026-11-24-le-relais-d-ete-est-lent.md"
    assert said[0] == (project / path).as_posix()
    here = f"git -C {project}"
    message = """'Incident: Le relais d'"'"'été est lent'"""
    assert said[-1] == f"  {here} add {path} && {here} commit -m {message} && {here} push"
    subprocess.run(["/bin/sh", "-c", said[-1]], check=True, cwd="/", capture_output=True)  # noqa: S603 (what it printed)
    listed = ["git", "-C", str(origin), "ls-tree", "-r", "--name-only", "HEAD"]
    assert subprocess.run(listed, check=True, capture_output=True, text=True).stdout == f"{path}\n"  # noqa: S603 (our own words)


def test_project_outside_git_suggests_building_the_page(project: Path) -> None:
    """Even if a surrounding repository ignores it, as ours ignores the demo's project."""
    inside = project / "ignored"
    inside.mkdir()
    write_project(inside, format_service("smtp", "kind: tcp, host: smtp.example.org, port: 25"))
    (project / ".gitignore").write_text("ignored\n", encoding="utf-8")
    for ready in (False, True):
        if ready:
            subprocess.run(["git", "init", "--quiet", str(project)], check=True)  # noqa: S603, S607 (our own words)
        said = new(inside, "incident", "Le relais est lent", "--services", "smtp").stdout.splitlines()
        assert said[-1] == f"  constat build --root {inside}"


def test_an_update_is_added_at_the_end_and_at_a_time_of_its_own(project: Path) -> None:
    new(project, "incident", "Le relais est lent", "--services", "smtp", "--text", "x")
    ended = new(
        project,
        "update",
        INCIDENT.removesuffix(".md"),
        "identified",
        "Un disque.",
        "--impact",
        "critical",
        "--services",
        "smtp,api",
    )
    assert ended.returncode == 0
    assert read_written(project)[INCIDENT].endswith(
        "\n## 2026-11-24T10:25:16+01:00 identified\nimpact: critical\nservices: [smtp, api]\n\nUn disque.\n"
    )
    assert (
        new(project, "update", f"incidents/{INCIDENT}", "monitoring", now="2026-11-24T10:00:00Z").returncode
        == 0
    )
    assert read_written(project)[INCIDENT].endswith("\n\n## 2026-11-24T11:00+01:00 monitoring\n")
    assert [line.partition(": ")[2] for line in errors(project)] == [
        "an update without a text (write below the heading what customers should know)"
    ], "it may be laid down without one, but not published"


def test_maintenance_accepts_a_duration_and_page_local_times(project: Path) -> None:
    ended = new(
        project,
        "maintenance",
        "Relais : travaux",
        "--services",
        "smtp",
        "--starts",
        "2026-12-01T22:00",
        "--ends",
        "3h",
        "--text",
        "x",
    )
    assert ended.returncode == 0
    text = read_written(project)["2026-12-01-relais-travaux.md"]
    assert "starts: 2026-12-01T22:00+01:00\nends: 2026-12-02T01:00+01:00\n" in text
    assert not list(errors(project))


def test_maintenance_may_have_a_reminder(project: Path) -> None:
    words = ["maintenance", "x", "--services", "smtp", "--starts", "2026-12-01T22:00", "--ends", "3h"]
    assert new(project, *words, "--remind", "2d,1h").returncode == 0
    assert "remind: [2d, 1h]\n" in read_written(project)["2026-12-01-x.md"]
    assert "remind is not a list of durations" in new(project, *words, "--remind", "soon").stderr


def test_moved_maintenance_updates_its_front_matter_and_says_so(project: Path) -> None:
    new(
        project,
        "maintenance",
        "Travaux",
        "--services",
        "smtp",
        "--starts",
        "2026-12-01T22:00",
        "--ends",
        "3h",
    )
    ended = new(
        project,
        "update",
        "2026-12-01-travaux",
        "rescheduled",
        "--template",
        "moved",
        "--starts",
        "2026-12-02T22:00",
        "--ends",
        "2h",
    )
    assert ended.returncode == 0
    text = read_written(project)["2026-12-01-travaux.md"]
    assert "starts: 2026-12-02T22:00+01:00\nends: 2026-12-03T00:00+01:00\n" in text
    assert "2026-11-24T10:25+01:00 rescheduled\n\nCette maintenance est reprogrammée." in text
    assert not list(errors(project))


def test_ready_wording_is_translated_or_marked(project: Path) -> None:
    ended = new(project, "incident", "--template", "delays", "--services", "smtp", "--translate")
    assert ended.returncode == 0
    files = read_written(project)
    stem = "2026-11-24-envois-retardes"
    assert sorted(files) == [f"{stem}.en.md", f"{stem}.md", f"{stem}.pt.md"]
    assert "impact: minor" in files[f"{stem}.md"]
    assert files[f"{stem}.en.md"].startswith(
        "---\ntitle: Sending is delayed\n---\n\n## 2026-11-24T10:25+01:00 investigating\n\nsmtp: messages are being sent"
    )
    assert "<!-- translate -->" in files[f"{stem}.pt.md"]
    assert "translate" not in files[f"{stem}.en.md"]
    assert [line.split(": ")[0] for line in errors(project)] == [f"incidents/{stem}.pt.md:6:1"]


def test_ready_wording_with_a_custom_title_keeps_its_text(project: Path) -> None:
    """Only the title is left to translate, under the mark that `validate` refuses."""
    new(project, "incident", "Le relais dort", "--template", "delays", "--services", "smtp", "--translate")
    english = read_written(project)["2026-11-24-le-relais-dort.en.md"]
    assert english.startswith(
        "---\ntitle: Le relais dort\n---\n\n## 2026-11-24T10:25+01:00 investigating\n<!-- translate -->\n\n"
        "smtp: messages are being sent with a delay."
    )


def test_title_alone_gets_one_translation_mark(project: Path) -> None:
    times = ["--starts", "2026-12-01T22:00", "--ends", "3h"]
    new(project, "maintenance", "Travaux", "--services", "smtp", *times, "--translate")
    english = read_written(project)["2026-12-01-travaux.en.md"]
    assert english == "---\ntitle: Travaux\n---\n<!-- translate -->\n"


def test_update_is_added_to_existing_translations(project: Path) -> None:
    new(project, "incident", "--template", "delays", "--services", "smtp", "--translate")
    new(
        project,
        "update",
        "2026-11-24-envois-retardes",
        "resolved",
        "--template",
        "resolved",
        now="2026-11-24T10:00:00Z",
    )
    files = read_written(project)
    assert (
        "## 2026-11-24T11:00+01:00 resolved\n\nThe incident is resolved."
        in files["2026-11-24-envois-retardes.en.md"]
    )
    assert "resolved" not in files["2026-11-24-envois-retardes.pt.md"], "Portuguese has no ready wording"


def test_project_can_replace_a_ready_wording(project: Path) -> None:
    (project / "templates" / "wordings.yml").write_text(
        "delays: {for: incident, title: {fr: Patience}, text: {fr: 'Un peu de retard.'}}\n", encoding="utf-8"
    )
    assert new(project, "incident", "--template", "delays", "--services", "smtp").returncode == 0
    assert "Un peu de retard." in read_written(project)["2026-11-24-patience.md"]


OURS = read_wordings([("wordings.yml", (ROOT / "templates/wordings.yml").read_text(encoding="utf-8"))])


@pytest.mark.parametrize("name", OURS)
def test_every_ready_wording_gives_a_valid_notice(project: Path, name: str) -> None:
    about = OURS[name].about
    times = ["--starts", "2026-12-01T22:00", "--ends", "3h"]
    if about == "incident":
        ended = new(project, "incident", "--template", name, "--services", "smtp,api")
    elif about == "maintenance":
        ended = new(project, "maintenance", "--template", name, "--services", "smtp", *times)
    else:
        kind = "incident" if about in STATES["incident"] else "maintenance"
        new(project, kind, "x", "--services", "smtp", *(times if kind == "maintenance" else ()))
        stem = "2026-12-01-x" if kind == "maintenance" else "2026-11-24-x"
        ended = new(project, "update", stem, about, "--template", name, now="2026-11-24T10:00:00Z")
    assert (ended.returncode, ended.stderr) == (0, "")
    to_fill_in = [line for line in errors(project) if "not filled in yet" in line]
    assert list(errors(project)) == to_fill_in
    assert bool(to_fill_in) == (name == "postmortem")


def outage_seen(project: Path, *, over: bool) -> None:
    """Both services are down from 08:00, until 08:30 if the outage is over."""
    day = project / "history/2026/11/2026-11-24.csv"
    day.parent.mkdir(parents=True)
    rows = ["at,service,check,outcome,latency_ms,attempts,interval_s,vantage,reason"]
    for minute in range(7 * 60, 9 * 60 + 25):
        down = minute >= 8 * 60 and not (over and minute >= 8 * 60 + 30)
        outcome = "down,0,2,60,here,refused" if down else "up,20,1,60,here,"
        rows += [
            f"2026-11-24T{minute // 60:02}:{minute % 60:02}:00Z,{each},check-0,{outcome}"
            for each in ("smtp", "api")
        ]
    day.write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_detected_outage_fills_in_times_and_services(project: Path) -> None:
    outage_seen(project, over=False)
    assert new(project, "incident", "--from-outage", "smtp").returncode == 0
    text = read_written(project)["2026-11-24-service-indisponible.md"]
    assert "services: [smtp, api]\nimpact: major\nstarts: 2026-11-24T09:00+01:00\n" in text
    assert "## 2026-11-24T10:25+01:00 investigating\n" in text
    assert not list(errors(project))


def test_finished_outage_is_written_as_resolved(project: Path) -> None:
    outage_seen(project, over=True)
    assert new(project, "incident", "Panne du relais", "--from-outage", "smtp").returncode == 0
    text = read_written(project)["2026-11-24-panne-du-relais.md"]
    assert "starts: 2026-11-24T09:00+01:00\n" in text
    assert "## 2026-11-24T09:30+01:00 resolved\n\nL'incident est résolu." in text


@pytest.mark.parametrize("template", [(), ("--template", "errors")])
def test_resolved_wording_mentions_no_ongoing_search(project: Path, template: tuple[str, ...]) -> None:
    outage_seen(project, over=True)
    assert new(project, "incident", "--from-outage", "smtp", *template, "--translate").returncode == 0
    texts = read_written(project)
    assert any(name.endswith(".en.md") for name in texts)
    assert not [text for text in texts.values() if "cherchons" in text or "looking" in text]
    (english,) = (text for name, text in texts.items() if name.endswith(".en.md"))
    assert "resolved\n\nThe incident is resolved." in english


def test_two_notices_of_one_day_and_title_have_names_of_their_own(project: Path) -> None:
    for _ in range(2):
        new(project, "incident", "Le relais est lent", "--services", "smtp")
    assert sorted(read_written(project)) == ["2026-11-24-le-relais-est-lent-2.md", INCIDENT]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["incident", "x"], "no service is named"),
        (["incident", "x", "--services", "smpt"], "unknown service smpt"),
        (["incident", "--services", "smtp"], "there is no title"),
        (["incident", "--template", "dely", "--services", "smtp"], "there is no wording 'dely' for incident"),
        (["incident", "<b>x</b>", "--services", "smtp"], "markup in the title"),
        (["incident", "x\u202ey", "--services", "smtp"], "a control or direction character in the title"),
        (
            ["incident", "x", "--services", "smtp", "--text", "a\n## 2026-01-01T00:00Z bogus"],
            "unknown state bogus",
        ),
        (["incident", "x", "--services", "smtp", "--text", "a\n## b"], "a heading that is not an update"),
        (["incident", "x", "--services", "smtp", "--from-outage", "smtp"], "smtp had no outage in the last"),
        (
            [
                "maintenance",
                "x",
                "--services",
                "smtp",
                "--starts",
                "2026-12-01T22:00",
                "--ends",
                "2026-12-01T21:00",
            ],
            "it ends before it starts",
        ),
        (
            ["maintenance", "x", "--services", "smtp", "--starts", "tonight", "--ends", "3h"],
            "'tonight' is not a valid time",
        ),
        (
            ["maintenance", "x", "--services", "smtp", "--starts", "2026-03-29T02:30", "--ends", "3h"],
            "does not exist in Europe/Zurich",
        ),
        (
            ["maintenance", "x", "--services", "smtp", "--starts", "2026-10-25T02:30", "--ends", "3h"],
            "the clocks change\ntip: write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00",
        ),
        (
            ["maintenance", "x", "--services", "smtp", "--starts", "2026-12-01", "--ends", "3h"],
            "'2026-12-01' is not a valid time",
        ),
        (
            ["maintenance", "x", "--services", "smtp", "--starts", "9999-12-31T23:00Z", "--ends", "3h"],
            "is out of range",
        ),
        (["update", "2026-11-24-nothing", "resolved"], "there is no notice 2026-11-24-nothing"),
        (["update", "", "resolved"], "there is no notice"),
    ],
)
def test_invalid_notice_is_refused_and_not_written(project: Path, words: list[str], told: str) -> None:
    ended = new(project, *words)
    assert ended.returncode == 2
    assert told in ended.stderr
    assert not (project / "incidents").exists()


def test_moving_a_window_requires_an_update(project: Path) -> None:
    """Without an update `rescheduled` it would not validate once its first version was published."""
    times = ["--starts", "2026-12-01T22:00", "--ends", "3h"]
    new(project, "maintenance", "Travaux", "--services", "smtp", *times)
    before = read_written(project)
    ended = new(project, "update", "2026-12-01-travaux", "in_progress", "x", "--ends", "5h")
    assert ended.returncode == 2
    assert "--starts and --ends need the state rescheduled" in ended.stderr
    assert read_written(project) == before


def test_update_accepts_an_unambiguous_part_of_the_name(project: Path) -> None:
    """Nobody types a whole name on a phone at night."""
    new(project, "incident", "Relais lent", "--services", "smtp")
    assert new(project, "update", "", "identified", "Un.", now="2026-11-24T10:00:00Z").returncode == 0
    new(project, "incident", "API muette", "--services", "api")
    unclear = new(project, "update", "2026", "identified", "Deux.", now="2026-11-24T10:01:00Z")
    assert (unclear.returncode, unclear.stderr.splitlines()) == (
        2,
        [
            "constat: 2 notices match",
            "tip: name one of 2026-11-24-api-muette, 2026-11-24-relais-lent",
        ],
    )
    assert new(project, "update", "relais", "resolved", "Trois.", now="2026-11-24T10:02:00Z").returncode == 0
    texts = read_written(project)
    assert "resolved\n\nTrois." in texts["2026-11-24-relais-lent.md"]
    assert new(project, "update", "", "resolved", "Quatre.", now="2026-11-24T10:03:00Z").returncode == 0
    assert "resolved\n\nQuatre." in read_written(project)["2026-11-24-api-muette.md"]


def test_state_of_another_kind_is_refused(project: Path) -> None:
    new(project, "incident", "x", "--services", "smtp")
    before = read_written(project)
    ended = new(project, "update", "2026-11-24-x", "completed")
    assert ended.returncode == 2
    assert "'completed' is not a valid incident state" in ended.stderr
    assert read_written(project) == before


def test_a_text_that_looks_like_a_change_stays_a_text(project: Path) -> None:
    new(project, "incident", "x", "--services", "smtp", "--text", "impact: none that we know of")
    assert "impact: minor" in read_written(project)["2026-11-24-x.md"]
    assert not list(errors(project))
