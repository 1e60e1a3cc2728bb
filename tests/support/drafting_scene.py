"""A project in a repository with a remote, a host of it on loopback, and evidence of a night: for drafts of notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from constat.history import HEADER
from outside.branch.drafts import DraftBranches
from outside.branch.git import Git
from outside.github import GitHub
from outside.hosts.github import GitHubPulls
from outside.hosts.gitlab import GitLab
from outside.hosts.host import Host
from tasks.outage_draft import Surroundings, draft_notices
from tasks.project import Project
from tests.support.availability_cases import parse_time
from tests.support.fake_hosts import TOKEN, FakeHost
from tests.support.git_remote import ENVIRONMENT, run
from tests.support.source_tree import ROOT

DAY = "2026-11-29"
STATUS = """\
page:
  id: maxony
  name: Maxony
  url: https://status.maxony.example/
  languages: [{languages}]
  timezone: Europe/Zurich
  repository: {{url: "https://github.com/maxony/status"}}
monitor: {{vantage: here, tell: ["json://127.0.0.1/"]}}
draft_incident: {{after: 5m, by: {by}, keep: 15m}}
services:
  - {{id: api, name: API, checks: [{{name: home, kind: tcp, host: 127.0.0.1, port: 9, interval: 1m, timeout: 1s}}]}}
  - id: smtp
    name: {{fr: Relais SMTP, en: SMTP relay}}
    checks: [{{name: port, kind: tcp, host: 127.0.0.1, port: 9, interval: 1m, timeout: 1s}}]
"""
BRANCH = f"constat/outage-{DAY}T025600Z"
NOTICE = f"incidents/{DAY}-api-service-indisponible.md"
Story = Mapping[str, str]
"""By service, the minutes in which it was down or not measured: `02:56-03:12 03:30-03:34 ?03:40-04:00`."""


def parse_clock(clock: str) -> int:
    return parse_time(f"{DAY} {clock}")


def write_evidence(folder: Path, story: Story) -> None:
    """Write a sample a minute from 02:00 to 06:00, down or missing where the story says so."""
    lines = [HEADER]
    for service, check in (("api", "home"), ("smtp", "port")):
        spans = [_parse(span) for span in story.get(service, "").split()]
        for minute in range(parse_clock("02:00"), parse_clock("06:00"), 60):
            what = next((what for what, start, end in spans if start <= minute < end), "up")
            stamp = f"{DAY}T{minute % 86_400 // 3600:02}:{minute % 3600 // 60:02}:00Z"
            reason = "timeout after 10 s" if what == "down" else ""
            if what != "missing":
                lines.append(f"{stamp},{service},{check},{what},12,1,60,here,{reason}")
    path = folder / "history/2026/11" / f"{DAY}.csv"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _parse(span: str) -> tuple[str, int, int]:
    start, _, end = span.removeprefix("?").partition("-")
    return "missing" if span.startswith("?") else "down", parse_clock(start), parse_clock(end)


@dataclass
class Scene:
    """A project in a repository with a remote, its host, and the clock."""

    folder: Path
    host: FakeHost
    settings: str = ""
    is_at_gitlab: bool = False
    branches: type[DraftBranches] = DraftBranches
    done: list[str] = field(default_factory=list)

    @property
    def remote(self) -> Path:
        return self.folder / "remote.git"

    @property
    def work(self) -> Path:
        return self.folder / "work"

    def set_up(self, story: Story) -> None:
        run("git", "init", "--quiet", "--bare", "--initial-branch=main", str(self.remote))
        run("git", "clone", "--quiet", str(self.remote), str(self.work))
        self.commit(
            {"status.yml": self.settings, ".gitignore": "history\n"},
            "main",
        )
        write_evidence(self.work, story)

    def commit(self, files: Mapping[str, str | bytes], branch: str) -> None:
        """Commit files as a person, and push them."""
        person = self.folder / "person"
        if not person.exists():
            run("git", "clone", "--quiet", str(self.remote), str(person))
        git = ("git", "-C", str(person), "-c", "user.name=A", "-c", "user.email=a@localhost")
        run(*git, "fetch", "--quiet", "origin")
        known = self.host.has_branch(branch)
        run(*git, "checkout", "--quiet", "-B", branch, *([f"origin/{branch}"] if known else []))
        for path, text in files.items():
            (person / path).parent.mkdir(exist_ok=True)
            (person / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        run(*git, "add", ".")
        run(*git, "commit", "--quiet", "-m", "By hand")
        run(*git, "push", "--quiet", "origin", branch)
        if branch == "main":
            run("git", "-C", str(self.work), "pull", "--quiet", "origin", "main")

    def merge(self) -> None:
        """Merge the proposal, as a person does at the host."""
        branch = self.host.kept[-1].branch
        commit = run("git", "-C", str(self.remote), "rev-parse", branch).strip()
        run("git", "-C", str(self.remote), "update-ref", "refs/heads/main", commit)
        run("git", "-C", str(self.remote), "update-ref", "-d", f"refs/heads/{branch}")
        self.host.kept[-1].state = "merged"

    def refuse_main(self) -> None:
        """Protect the branch, as a host does."""
        hook = self.remote / "hooks/pre-receive"
        hook.write_text(
            '#!/bin/sh\nwhile read -r _ _ ref; do [ "$ref" != refs/heads/main ] || { echo protected >&2; exit 1; }; done\n'
        )
        hook.chmod(0o755)

    def draft(self, clock: str) -> None:
        """Run the drafting task at a time of day, UTC."""
        github = GitHub("maxony/status", TOKEN, self.host.api)
        host: Host = (
            GitLab(self.host.api, "maxony/status", TOKEN) if self.is_at_gitlab else GitHubPulls(github)
        )
        branches = self.branches(Git(self.work, ENVIRONMENT))
        around = Surroundings(branches, lambda: host, lambda: github.dispatch("publish", {}))
        self.host.log.append(clock)
        project = Project(self.work, ROOT, parse_clock(clock))
        self.done += draft_notices(project, around)

    def read_file(self, path: str, branch: str = BRANCH) -> str:
        return run("git", "-C", str(self.remote), "show", f"{branch}:{path}")

    def list_subjects(self, branch: str) -> list[str]:
        return run("git", "-C", str(self.remote), "log", "--format=%s", branch).splitlines()
