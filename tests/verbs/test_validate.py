"""`validate` checks everything that people write, and reports to people, workflows and editors."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from outside.project.files import read_notices, read_pictures
from tests.support.command_line import generate_here
from tests.support.small_project import format_service, write_project

NOW = "2026-11-24T12:00:00Z"
NOTICE = """---
title: The relay is slow
kind: incident
services: [smpt]
impact: minor
---
## 2026-11-24T10:00+01:00 investigating
We look. More within the hour.
"""


def validate(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return generate_here("-q", "validate", "--root", str(root), "--now", NOW, *words)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_project(tmp_path, format_service("smtp", "kind: tcp, host: smtp.example.org, port: 25"))
    (tmp_path / "incidents").mkdir()
    return tmp_path


def write(project: Path, text: str = NOTICE, name: str = "2026-11-24-relay.md") -> Path:
    path = project / "incidents" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_valid_project_prints_nothing(project: Path) -> None:
    write(project, NOTICE.replace("smpt", "smtp"))
    ended = validate(project)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_a_bad_notice_ends_with_1_and_names_line_and_remedy(project: Path) -> None:
    write(project)
    ended = validate(project)
    assert (ended.returncode, ended.stdout) == (
        1,
        "incidents/2026-11-24-relay.md:4:12: unknown service smpt (did you mean smtp?)\n",
    )


def test_a_warning_alone_is_not_a_failure(project: Path) -> None:
    write(project, NOTICE.replace("smpt", "smtp").replace("We look.", "We <b>look</b>."))
    ended = validate(project)
    assert ended.returncode == 0
    assert ended.stdout.startswith("incidents/2026-11-24-relay.md:8:4: warning: <b> is removed")


def test_bad_settings_end_with_2(project: Path) -> None:
    path = project / "status.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("vantage:", "vantge:"), encoding="utf-8")
    ended = validate(project, "--format", "json")
    assert ended.returncode == 2
    told = json.loads(ended.stdout)
    assert [(each["line"], each["hint"]) for each in told if "vantge" in each["message"]] == [
        (8, "did you mean vantage?")
    ]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "languages: [no, en]",
            "page.languages: no templates/translations/no.po (there are de, en, es, fr, it; another language is one file more)",
        ),
        ("languages: [en]\n  brand: {logo: none.svg}", "page.brand.logo: there is no templates/none.svg"),
    ],
)
def test_everything_a_build_refuses_is_refused(project: Path, setting: str, said: str) -> None:
    settings = project / "status.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"languages: \[[^\]]*\]", setting, text), encoding="utf-8")
    ended = validate(project)
    place, _, message = ended.stdout.rstrip().partition(": ")
    assert (ended.returncode, message) == (1, said)
    line, column = map(int, place.split(":")[1:])
    assert (
        settings.read_text(encoding="utf-8")
        .splitlines()[line - 1][column - 1 :]
        .startswith(("[no", "none.svg"))
    )
    assert generate_here("-q", "build", "--root", str(project), "--now", NOW).returncode == 2


def test_user_text_cannot_end_an_annotation(project: Path) -> None:
    """A line break or `::` in a message would otherwise be a command of its own to the workflow."""
    write(project, NOTICE.replace("[smpt]", '["x%0A\\n::set-output name=a::b"]'))
    ended = validate(project, "--format", "github")
    assert ended.returncode == 1
    lines = ended.stdout.splitlines()
    assert len([line for line in lines if not line.startswith("::notice file=")]) == 1
    where = (project / "incidents/2026-11-24-relay.md").as_posix()
    assert lines[-1].startswith(
        f"::error file={where},line=4,col=12,title=Constat::unknown service x%250A%0A::set-output"
    )


def test_control_characters_are_escaped(project: Path) -> None:
    """Control characters are printed escaped, on one line."""
    write(project, NOTICE.replace("[smpt]", '["\\e[2J\\r\\n\\u202esmpt"]'))
    assert validate(project).stdout.partition(" (")[0] == (
        r"incidents/2026-11-24-relay.md:4:12: unknown service \x1b[2J\r\n\u202esmpt"
    )


def test_only_the_named_files_are_reported(project: Path) -> None:
    first = write(project)
    write(project, name="2026-11-24-other.md")
    ended = validate(project, str(first))
    assert ended.stdout.count("\n") == 1
    assert "2026-11-24-relay.md" in ended.stdout


def test_a_file_that_is_not_there_is_bad_usage(project: Path) -> None:
    ended = validate(project, "incidents/2026-11-24-nothing.md")
    assert ended.returncode == 2
    assert ended.stderr == "constat: there is no file incidents/2026-11-24-nothing.md\n"


def test_a_file_that_is_not_published_is_reported(project: Path) -> None:
    """A notice saved as something else, or a picture beside the notices, would silently not be published."""
    for name in ("2026-11-24-relay.markdown", "2026-11-24-RELAY.MD", "graph.png", "README.txt", ".gitkeep"):
        write(project, "x", name)
    told = validate(project)
    assert told.returncode == 1
    assert [line.partition(" (")[0] for line in told.stdout.splitlines()] == [
        "incidents/2026-11-24-RELAY.MD: this file is not published",
        "incidents/2026-11-24-relay.markdown: this file is not published",
        "incidents/graph.png: this file is not published",
    ]


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "code.js", "none"])
def test_a_file_that_a_browser_would_run_is_not_a_picture(project: Path, name: str) -> None:
    """Opened by itself it would be a page on our site that says whatever it likes."""
    (project / "incidents/files").mkdir()
    write(project, "<script>alert(1)</script>", f"files/{name}")
    told = "(put there only avif, csv, gif, jpeg, jpg, pdf, png, txt, webp)"
    assert validate(project).stdout == f"incidents/files/{name}: this file is not published {told}\n"
    assert read_pictures(project) == {}


def test_a_link_is_refused_and_not_followed_wherever_it_leads(project: Path) -> None:
    """Otherwise a pull request could publish a file of the machine that builds the site."""
    secret = project / "secret"
    secret.write_text("secret", encoding="utf-8")
    (project / "incidents/files").mkdir()
    (project / "incidents/files/graph.png").symlink_to(secret)
    (project / "incidents/2026-11-24-relay.md").symlink_to("../secret")
    write(project, "picture", "files/a.png")
    (project / "incidents/files/same.png").symlink_to("a.png")
    assert validate(project).stdout == "".join(
        f"incidents/{name}: a link, which is not followed (put there what it leads to)\n"
        for name in ("2026-11-24-relay.md", "files/graph.png", "files/same.png")
    )
    assert sorted(read_pictures(project)) == ["incidents/files/a.png"]
    assert read_notices(project) == {}


def test_project_wordings_are_validated(project: Path) -> None:
    (project / "templates").mkdir()
    (project / "templates/wordings.yml").write_text("slow: {for: incident, impact: hgue}\n", encoding="utf-8")
    assert validate(project).stdout.startswith("templates/wordings.yml:1:31: unknown impact hgue")


def test_corrections_and_tickets_are_validated(project: Path) -> None:
    (project / "corrections.yml").write_text("- {service: smpt}\n", encoding="utf-8")
    (project / "support").mkdir()
    (project / "support" / "tickets.csv").write_text("ticket,level\n", encoding="utf-8")
    told = validate(project).stdout
    assert "corrections.yml:1:13: unknown service smpt (did you mean smtp?)" in told
    assert "support/tickets.csv:1: the column region is missing" in told


def test_an_incident_that_nobody_closed_is_reported(project: Path) -> None:
    write(project, NOTICE.replace("smpt", "smtp").replace("2026-11-24T10", "2026-11-22T10"))
    assert "warning: still open, without an update since 2026-11-22T09:00:00Z" in validate(project).stdout


def test_measured_up_for_two_hours_is_reported(project: Path) -> None:
    write(project, NOTICE.replace("smpt", "smtp"))
    day = project / "history/2026/11/2026-11-24.csv"
    day.parent.mkdir(parents=True)
    rows = ["at,service,check,outcome,latency_ms,attempts,interval_s,vantage,reason"]
    for minute in range(8 * 60, 12 * 60):
        outcome = "down,0,2,60,here,refused" if minute < 9 * 60 + 30 else "up,20,1,60,here,"
        rows.append(f"2026-11-24T{minute // 60:02}:{minute % 60:02}:00Z,smtp,check-0,{outcome}")
    day.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert "while its services have been up since 2026-11-24T09:30:00Z" in validate(project).stdout


def test_a_moved_window_is_compared_with_the_register(project: Path) -> None:
    write(
        project,
        NOTICE.replace("smpt", "smtp")
        .replace("incident", "maintenance")
        .replace("impact: minor", "starts: 2026-12-01T22:00+01:00\nends: 2026-12-02T01:00+01:00")
        .replace("investigating", "scheduled"),
    )
    line = '{"at":"2026-11-24T09:30:00Z","kind":"maintenance","slug":"2026-11-24-relay","services":["smtp"],"starts":"2026-12-01T20:00:00Z","ends":"2026-12-02T00:00:00Z","cancelled":false}\n'
    (project / "history").mkdir()
    (project / "history" / "register.jsonl").write_text(line, encoding="utf-8")
    ended = validate(project)
    assert ended.returncode == 1
    assert "starts changed after publication" in ended.stdout


def test_the_schema_is_printed_for_editors(project: Path) -> None:
    assert json.loads(validate(project, "--schema").stdout)["title"] == "status.yml of Constat"


MAINTENANCE = """---
title: New <relays>
kind: maintenance
services: [smtp]
starts: 2026-11-24T{hour}:00+01:00
ends: 2026-11-24T18:00+01:00
---
We replace **two** relays.
"""


@pytest.mark.parametrize(
    ("hour", "notice", "announced"),
    [
        (17, "0h", "yes, all of it (0 h ahead are asked for; it starts in 4 h 0 min)"),
        (17, "48h", "NO, not a second of it (48 h ahead are asked for; it starts in 4 h 0 min)"),
        (12, "0h", "NO, not a second of it (0 h ahead are asked for; it starts in the past)"),
    ],
)
def test_a_review_says_what_merging_would_publish(
    project: Path, hour: int, notice: str, announced: str
) -> None:
    """That includes whether the window would count as announced: a past or late one would not."""
    settings = project / "status.yml"
    text = settings.read_text(encoding="utf-8").replace(
        "  target: 99", f"  target: 99\n  maintenance: {{notice: {notice}}}"
    )
    settings.write_text(text, encoding="utf-8")
    write(project, MAINTENANCE.format(hour=hour).replace("<relays>", "relays"))
    ended = validate(project, "--format", "review")
    assert ended.returncode == 0
    assert "| Services | smtp |" in ended.stdout
    assert f"| Announced for smtp | {announced} |" in ended.stdout
    assert "<p>We replace <strong>two</strong> relays.</p>" in ended.stdout
    assert "- the window of 2026-11-24-relay, 2026-11-24T" in ended.stdout


TARGETS = """notify:
  mail: {host: smtp.maxony.example, from: status@maxony.example}
  targets:
    - {id: everybody, email: list@maxony.example, language: fr, tell: [incidents, maintenance]}
    - {id: chat, url: "json://chat.maxony.example", language: fr, tell: [incidents]}
"""


def test_review_says_who_is_notified_and_when(project: Path) -> None:
    settings = project / "status.yml"
    settings.write_text(settings.read_text().replace("services:\n", f"{TARGETS}services:\n", 1))
    write(project, MAINTENANCE.format(hour=17).replace("<relays>", "relays"))
    told = [line for line in validate(project, "--format", "review").stdout.splitlines() if "Told" in line]
    assert told == [
        "| Told | on the page, in the feeds and the calendar: as soon as it is built |",
        "| Told | everybody, by mail, in fr: 1 message with the next run of notify |",
        "| Told | chat, through Apprise, in fr: nothing of it, since it asked for other services, topics or impacts |",
    ]


def test_review_says_if_nobody_is_notified(project: Path) -> None:
    write(project, MAINTENANCE.format(hour=17).replace("<relays>", "relays"))
    assert (
        "| Told | nobody by mail or chat: status.yml has no targets of notify |"
        in validate(project, "--format", "review").stdout
    )


def test_review_lists_problems_and_omits_withheld_notices(project: Path) -> None:
    write(project, MAINTENANCE.format(hour=17))
    ended = validate(project, "--format", "review")
    assert ended.returncode == 1
    assert "- incidents/2026-11-24-relay.md:2:8: markup in the title (write plain words)" in ended.stdout
    assert "No notice that can be shown now." in ended.stdout


def test_user_text_cannot_forge_the_review(project: Path) -> None:
    """Neither a message that quotes it, nor code in a notice after an empty line, where Markdown would resume."""
    fine = MAINTENANCE.format(hour=17).replace("New <relays>", "'New # relays *new*'")
    write(project, f"{fine}\n```\n\n# Approved\n\n![x](https://tracker.example/x.png)\n```\n")
    write(
        project, NOTICE.replace("[smpt]", '["x\\n\\n# Approved ![x](https://a.example/)"]'), "2026-11-23-a.md"
    )
    lines = validate(project, "--format", "review").stdout.splitlines()
    assert not [line for line in lines if line.startswith("# Approved")]
    assert "unknown service x&#92;n&#92;n&#35; Approved &#33;&#91;x&#93;(https://a.example/)" in "".join(
        lines
    )
    (block,) = [line for line in lines if line.startswith("<blockquote>")]
    assert "<h4>New # relays *new* (fr)</h4>" in block
    assert (
        "<pre><code>&#10;# Approved&#10;&#10;![x](https://tracker.example/x.png)&#10;</code></pre>" in block
    )


@pytest.mark.parametrize(
    ("vantages", "meaning"),
    [
        ("[here, there]", "as soon as one of them sees it down, and with quorum: 2 only when both do"),
        ("[a, b, c]", "sees it down, quorum: 2 once any 2 of them do, and with quorum: 3 only when all 3 do"),
    ],
)
def test_quorum_is_required_from_two_vantages(tmp_path: Path, vantages: str, meaning: str) -> None:
    """The file is valid without it, so that an upgrade blocks no page; a change of the file asks for it."""
    block = f"kind: tcp, host: 127.0.0.1, port: 9, vantages: {vantages}"
    ended = validate(write_project(tmp_path, format_service("api", block)))
    assert ended.returncode == 1
    assert ended.stdout.startswith("status.yml:20:")
    assert " vantages without a quorum (with quorum: 1 the service is down " in ended.stdout
    assert meaning in ended.stdout
    assert validate(write_project(tmp_path, format_service("api", f"{block}, quorum: 1"))).returncode == 0


def test_a_review_says_that_a_window_is_cancelled(project: Path) -> None:
    text = MAINTENANCE.format(hour=17).replace("<relays>", "relays")
    write(project, f"{text}\n## 2026-11-24T12:00+01:00 cancelled\nNot needed any more.\n")
    assert (
        "| Announced for smtp | no: the window is cancelled |"
        in validate(project, "--format", "review").stdout
    )


def test_hints_are_not_failures_and_listed_separately(project: Path) -> None:
    write(project, NOTICE.replace("smpt", "smtp").replace("We look. More within the hour.", "We look."))
    place = "incidents/2026-11-24-relay.md:7"
    ended = validate(project)
    assert ended.returncode == 0
    assert ended.stdout.startswith(f"{place}: hint: it does not say when customers hear from you again")
    review = validate(project, "--format", "review").stdout
    assert f"## What readers may miss\n\n- {place}: hint: " in review
    assert "## What is wrong" not in review
    annotated = validate(project, "--format", "github").stdout
    assert "::notice file=" in annotated
