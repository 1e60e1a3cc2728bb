"""The host of repositories that the environment names."""

from collections.abc import Mapping

from constat.errors import UsageError
from outside.github import GitHub
from outside.hosts.github import GitHubPulls
from outside.hosts.gitlab import GitLab
from outside.hosts.host import Host


def find_host(environment: Mapping[str, str]) -> Host:
    """Find the host of the project's repository.

    Raises:
        UsageError: the environment names none.

    """
    github = GitHub.of(environment)
    host: Host | None = GitHubPulls(github) if github else GitLab.of(environment)
    if host is None:
        tip = "set GITHUB_REPOSITORY and GITHUB_TOKEN, or CI_API_V4_URL, CI_PROJECT_ID and GITLAB_TOKEN"
        raise UsageError("it is not known where a draft would be proposed", tip=tip)
    return host
