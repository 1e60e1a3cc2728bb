"""From an outage to the draft at the host, over time: with a real remote and a server that speaks the host's API."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from outside.branch.drafts import DraftBranches
from outside.evidence import troubles
from tasks.project import Project
from tests.support.drafting_scene import BRANCH, DAY, NOTICE, STATUS, Scene, Story, parse_clock
from tests.support.fake_hosts import FakeHost, serve_host
from tests.support.git_remote import run
from tests.support.source_tree import ROOT


@pytest.fixture
def make_scene(tmp_path: Path) -> Iterator[Callable[..., Scene]]:
    scene = Scene(tmp_path, FakeHost(tmp_path / "remote.git"))

    def make(
        story: Story, by: str = "pull_request", *, languages: str = "fr, en", is_at_gitlab: bool = False
    ) -> Scene:
        scene.settings, scene.is_at_gitlab = STATUS.format(by=by, languages=languages), is_at_gitlab
        scene.set_up(story)
        return scene

    with serve_host(scene.host):
        yield make


DOWN = "API: down since 2026-11-29 03:56"
BOTH = "API, Relais SMTP: down since 2026-11-29 03:56"
AGAIN = "API: measured working again since 2026-11-29 04:{}: resolve?"
BY_HAND = """---
title: Panne
kind: incident
services: [api]
impact: major
---

## 2026-11-29T03:58+01:00 investigating
L'API ne répond pas. Prochaine nouvelle à 4 h 30.
"""
ELSEWHERE = f"incidents/{DAY}-panne.md"


@dataclass(frozen=True)
class Situation:
    """What is seen, what people do before a run at that time, and what then happens at the host; `left`: branches of ours."""

    name: str
    story: Story
    runs: str
    log: list[str]
    by: str = "pull_request"
    people: Mapping[str, Callable[[Scene], None]] = field(default_factory=dict)
    left: int = 1


def _edit(scene: Scene) -> None:
    scene.commit({NOTICE: BY_HAND}, BRANCH)


def _close(scene: Scene) -> None:
    scene.host.kept[-1].state = "closed"


def _post(scene: Scene) -> None:
    scene.commit({ELSEWHERE: BY_HAND}, "main")


def _maintain(scene: Scene) -> None:
    """Announce maintenance of the service, and have it recorded two hours before the outage."""
    line = (
        '{"at":"2026-11-29T00:00:00Z","kind":"maintenance","slug":"2026-11-29-x","services":["api"],'
        '"starts":"2026-11-29T02:30:00Z","ends":"2026-11-29T04:00:00Z","cancelled":false}\n'
    )
    (scene.work / "history/register.jsonl").write_text(line, encoding="utf-8")


SITUATIONS = [
    Situation("too short", {"api": "02:56-03:00"}, "02:59 03:01 03:20", ["02:59", "03:01", "03:20"], left=0),
    Situation(
        "lasting, told once",
        {"api": "02:56-04:00"},
        "03:00 03:01 03:30",
        ["03:00", "03:01", f"open draft: {DOWN}", "03:30"],
    ),
    Situation(
        "more services fall",
        {"api": "02:56-04:00", "smtp": "03:10-04:00"},
        "03:01 03:14 03:15",
        ["03:01", f"open draft: {DOWN}", "03:14", "03:15", f"change: {BOTH}"],
    ),
    Situation(
        "over soon: withdrawn without a trace",
        {"api": "02:56-03:06"},
        "03:01 03:08 03:11 03:21 04:00",
        [
            "03:01",
            f"open draft: {DOWN}",
            "03:08",
            "03:11",
            f"change: {AGAIN.format('06')}",
            "03:21",
            "close",
            "04:00",
        ],
        left=0,
    ),
    Situation(
        "over after a while: resolve?",
        {"api": "02:56-03:12"},
        "03:01 03:17 03:40",
        ["03:01", f"open draft: {DOWN}", "03:17", f"change: {AGAIN.format('12')}", "03:40"],
    ),
    Situation(
        "flapping: a few minutes down, a few up",
        {"api": "02:56-02:59 03:02-03:05 03:08-03:11 03:14-03:17"},
        "03:00 03:05 03:10 03:16 03:40",
        ["03:00", "03:05", "03:10", "03:16", "03:40"],
        left=0,
    ),
    Situation(
        "flapping after it was told",
        {"api": "02:56-03:03 03:06-03:09 03:12-03:15 03:18-03:21"},
        "03:01 03:05 03:10 03:16 03:20",
        ["03:01", f"open draft: {DOWN}", "03:05", "03:10", "03:16", "03:20"],
    ),
    Situation(
        "a person's edits stay",
        {"api": "02:56-03:06"},
        "03:01 03:11 03:30",
        ["03:01", f"open draft: {DOWN}", "03:11", f"change: {AGAIN.format('06')}", "03:30"],
        people={"03:11": _edit},
    ),
    Situation(
        "a person said no",
        {"api": "02:56-04:00", "smtp": "03:10-04:00"},
        "03:01 03:06 03:15",
        ["03:01", f"open draft: {DOWN}", "03:06", "03:15"],
        people={"03:06": _close},
    ),
    Situation(
        "a person wrote first",
        {"api": "02:56-04:00"},
        "03:01 03:20",
        ["03:01", "03:20"],
        people={"03:01": _post},
        left=0,
    ),
    Situation(
        "a person wrote elsewhere",
        {"api": "02:56-04:00"},
        "03:01 03:06",
        ["03:01", f"open draft: {DOWN}", "03:06", "close"],
        people={"03:06": _post},
        left=0,
    ),
    Situation(
        "merged, then over: an update is proposed",
        {"api": "02:56-03:12"},
        "03:01 03:06 03:17 03:30",
        ["03:01", f"open draft: {DOWN}", "03:06", "03:17", f"open draft: {AGAIN.format('12')}", "03:30"],
        people={"03:06": Scene.merge},
    ),
    Situation(
        "announced maintenance",
        {"api": "02:56-03:20"},
        "03:01 03:15",
        ["03:01", "03:15"],
        people={"03:01": _maintain},
        left=0,
    ),
    Situation(
        "blind afterwards: nobody knows that it works",
        {"api": "02:56-03:06 ?03:06-05:00"},
        "03:01 03:40",
        ["03:01", f"open draft: {DOWN}", "03:40"],
    ),
    Situation(
        "by commit",
        {"api": "02:56-03:12", "smtp": "03:05-03:12"},
        "03:01 03:05 03:10 03:17 03:40",
        [
            "03:01",
            "dispatch publish",
            "03:05",
            "03:10",
            "dispatch publish",
            "03:17",
            "dispatch publish",
            "03:40",
        ],
        by="commit",
        left=0,
    ),
    Situation(
        "by commit, where the branch is protected",
        {"api": "02:56-04:00"},
        "03:01 03:06",
        ["03:01", f"open draft: {DOWN}", "03:06"],
        by="commit",
        people={"03:01": Scene.refuse_main},
    ),
    Situation(
        "by commit, and a person has edited what was published",
        {"api": "02:56-03:12"},
        "03:01 03:06 03:17",
        ["03:01", "dispatch publish", "03:06", "03:17", f"open draft: {AGAIN.format('12')}"],
        by="commit",
        people={"03:06": lambda scene: scene.commit({NOTICE: BY_HAND}, "main")},
    ),
]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_outage_is_drafted_updated_or_withdrawn(
    situation: Situation, make_scene: Callable[..., Scene]
) -> None:
    scene = make_scene(situation.story, situation.by)
    for clock in situation.runs.split():
        if clock in situation.people:
            situation.people[clock](scene)
        scene.draft(clock)
    assert scene.host.log == situation.log
    branches = run("git", "-C", str(scene.remote), "branch", "--list", "constat/*").splitlines()
    assert len(branches) == situation.left


def test_draft_describes_the_outage_in_every_language(make_scene: Callable[..., Scene]) -> None:
    """It validates as it is."""
    scene = make_scene({"api": "02:56-03:12", "smtp": "03:00-03:12"}, languages="fr, en, de, es, it")
    for clock in ("03:01", "03:05", "03:17"):
        scene.draft(clock)
    original, english = scene.read_file(NOTICE), scene.read_file(NOTICE.replace(".md", ".en.md"))
    assert original.startswith(
        "---\ntitle: Service indisponible\nkind: incident\nservices: [api]\nimpact: major\n"
        f"starts: {DAY}T03:56+01:00\n---\n\n## {DAY}T04:01+01:00 investigating\n"
    )
    assert (
        "Constaté automatiquement\u00a0:\n\n- API\u00a0: depuis 3\u00a0h\u00a056, pas de réponse complète à temps"
        in original
    )
    assert f"## {DAY}T04:05+01:00 investigating\nservices: [api, smtp]\n" in original
    assert f"## {DAY}T04:12+01:00 resolved\n" in original
    assert "- SMTP relay: since 04:00, no complete answer in time\n" in english
    paths = run("git", "-C", str(scene.remote), "ls-tree", "-r", "--name-only", BRANCH, "incidents/").split()
    assert len(paths) == 5
    (scene.work / "incidents").mkdir()
    for path in paths:
        (scene.work / path).write_text(scene.read_file(path), encoding="utf-8")
    project = Project(scene.work, ROOT, parse_clock("04:00"))
    assert project.parsed_notices.problems == ()
    assert scene.list_subjects(BRANCH)[:3] == [
        f"API, Relais SMTP: measured working again since {DAY} 04:12: resolve?",
        BOTH,
        DOWN,
    ]


def test_a_host_without_drafts_gets_an_ordinary_pull_request(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene({"api": "02:56-04:00"})
    scene.host.knows_drafts = False
    scene.draft("03:01")
    assert scene.host.log == ["03:01", f"open: {DOWN}"]


def test_gitlab_gets_the_same_as_a_merge_request(make_scene: Callable[..., Scene]) -> None:
    """A merge request that a person has marked as ready stays so."""
    scene = make_scene({"api": "02:56-03:06"}, is_at_gitlab=True)
    scene.draft("03:01")
    scene.draft("03:11")
    scene.host.kept[0].title = scene.host.kept[0].title.removeprefix("Draft: ")
    scene.draft("03:21")
    again = AGAIN.format("06")
    assert scene.host.log == [
        "03:01",
        f"open draft: Draft: {DOWN}",
        "03:11",
        f"change: Draft: {again}",
        "03:21",
        "close",
    ]
    assert not scene.host.has_branch(BRANCH)


def test_edits_by_people_are_kept(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene({"api": "02:56-03:12"})
    scene.draft("03:01")
    kept = scene.host.kept[0]
    kept.title, kept.body = "Ours to tell", f"On it.\n\n{kept.body}\nCall the provider."
    scene.draft("03:17")
    assert kept.title == "Ours to tell"
    assert kept.body.startswith("On it.\n\n<!-- constat ")
    assert "**Measured working again since 2026-11-29 04:12: resolve?**" in kept.body
    assert kept.body.endswith("Call the provider.")


def test_maintainers_get_the_address_of_the_draft_once(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene({"api": "02:56-04:00"})
    for clock in ("03:01", "03:06", "03:30"):
        scene.draft(clock)
    told = (
        f"{DAY}T03:01:00Z {DOWN}: a notice is drafted: https://github.example/maxony/status/pull/1; or write one:"
        f" https://status.maxony.example/compose/#service=api&since={DAY}T02:56:00Z"
    )
    assert troubles.read_troubles(scene.work) == (told,)


def test_refused_commit_is_reported(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene({"api": "02:56-04:00"}, "commit")
    scene.refuse_main()
    scene.draft("03:01")
    told = "main is protected, so the notice is only proposed (git push failed: ! [remote rejected] "
    assert scene.done[0].startswith(told)
    assert "main is protected" in troubles.read_troubles(scene.work)[0]
    assert scene.list_subjects("main") == ["By hand"]


def test_a_commit_does_not_undo_what_was_pushed_meanwhile(make_scene: Callable[..., Scene]) -> None:
    """The job knows main as it was when it began; the remote has moved on."""
    scene = make_scene({"api": "02:56-04:00"}, "commit")
    person = iter([lambda: scene.commit({"README.md": "Ours"}, "main")])

    class Slow(DraftBranches):
        def push(self, commit: str, branch: str) -> None:
            next(person, lambda: None)()
            super().push(commit, branch)

    scene.branches = Slow
    scene.draft("03:01")
    assert scene.list_subjects("main")[0] == DOWN
    assert scene.read_file("README.md", "main") == "Ours"


def test_no_host_is_contacted_without_setting_or_outage(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene({})
    run("git", "-C", str(scene.work), "remote", "remove", "origin")
    scene.draft("03:30")
    (scene.work / "status.yml").write_text(
        "\n".join(line for line in scene.settings.splitlines() if not line.startswith("draft_incident")),
        encoding="utf-8",
    )
    scene.draft("03:31")
    assert scene.host.log == ["03:30", "03:31"]


def test_undecodable_files_are_ignored_and_unchanged(make_scene: Callable[..., Scene]) -> None:
    """Somebody saved an old notice, and the translation of this one, in another encoding."""
    scene = make_scene({"api": "02:56-03:12"}, "commit")
    scene.draft("03:01")
    translation = NOTICE.replace(".md", ".en.md")
    scene.commit({"incidents/2026-11-20-old.md": b"caf\xe9", translation: b"caf\xe9"}, "main")
    scene.draft("03:17")
    update = f"{BRANCH}-update"
    assert f"## {DAY}T04:12+01:00 resolved\n" in scene.read_file(NOTICE, update)
    shown = run("git", "-C", str(scene.remote), "diff", "--name-only", "main", update)
    assert shown.split() == [NOTICE]
