"""The branch of a project's evidence, and git in its clone with the token of the job."""

import base64
from collections.abc import Callable, Mapping
from typing import NamedTuple

from constat.interval import Instant
from outside.branch.git import Git, add_credentials
from outside.branch.locks import remove_leftover_locks
from outside.branch.tracked import refuse_tracked_files
from outside.evidence import troubles
from outside.github import Job
from tasks.project import Project

ALIVE_SLACK_S = 300
"""How much longer than its longest expected silence a watch may write nothing before it is considered dead."""


class EvidenceBranch(NamedTuple):
    """A project whose evidence is kept on a branch, with `history/` as its clone.

    `checkout`: git in the project itself. `job`: the job that runs us. `vantage`: the vantage whose watch is prepared or followed.
    """

    project: Project
    clone: Git
    checkout: Git
    job: Job
    vantage: str

    @property
    def is_yearly(self) -> bool:
        """Whether there is a branch for each year."""
        return self.project.config.history.is_yearly

    @property
    def check_intervals_s(self) -> tuple[int, ...]:
        """The interval of every check, in seconds."""
        services = self.project.config.services
        return tuple(check.interval_s for service in services for check in service.checks)

    @property
    def dead_after_s(self) -> int:
        """How long a watch may write nothing before it is considered dead: it pushes only when there are new samples."""
        longest_silence_s = self.project.config.monitor.push_every_s + min(self.check_intervals_s, default=0)
        return longest_silence_s + ALIVE_SLACK_S


def open_branch(project: Project, environment: Mapping[str, str], vantage: str | None) -> EvidenceBranch:
    """Open the branch of a project; git uses the token of the job, if the environment has one.

    Raises:
        InputError: `status.yml` is invalid, or the project's repository tracks evidence, which only the branch holds.
        OutsideError: git could not tell what the repository tracks.

    """
    granted, own_vantage = add_token(environment), project.config.monitor.vantage
    refuse_tracked_files(Git(project.root, granted))
    return EvidenceBranch(
        project,
        clone=Git(project.root / "history", granted),
        checkout=Git(project.root, granted),
        job=Job.of(environment),
        vantage=vantage or own_vantage,
    )


def clear_leftover_locks(branch: EvidenceBranch, now: Instant, report_trouble: Callable[[str], None]) -> None:
    """Remove the locks that a killed git left in the clone, and report each, also to the maintainers.

    Raises:
        OutsideError: the report to the maintainers could not be written.

    """
    for lock in remove_leftover_locks(branch.clone, now):
        text = f"removed history/{lock}, which git left behind when it was killed"
        report_trouble(text)
        troubles.note_trouble(branch.project.root, branch.project.config.monitor, now, text)


def add_token(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return an environment in which git uses the token of the job, if the job has one."""
    if token := environment.get("GITHUB_TOKEN"):
        server, user = environment.get("GITHUB_SERVER_URL", "https://github.com"), "x-access-token"
    elif token := environment.get("GITLAB_TOKEN"):
        server, user = environment.get("CI_SERVER_URL", "https://gitlab.com"), "oauth2"
    else:
        return environment
    return add_credentials(environment, server, base64.b64encode(f"{user}:{token}".encode()).decode())
