"""Pull requests of a repository at GitHub (https://docs.github.com/en/rest/pulls/pulls)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from outside.github import GitHub
from outside.hosts.host import Draft, Proposal, RefusedError, State, ask, read_answer


class GitHubPulls(NamedTuple):
    """The pull requests of a repository."""

    github: GitHub

    def find(self, branch: str) -> tuple[Proposal, ...]:
        """Find every pull request of a branch of this repository, the newest first."""
        owner = self.github.repository.partition("/")[0]
        query = {"state": "all", "head": f"{owner}:{branch}", "per_page": "100"}
        return read_answer(_read, ask("GET", self._url, self._headers, query=query))

    def open(self, draft: Draft) -> Proposal:
        """Open a draft, or an ordinary pull request if the plan of the repository does not support drafts."""
        body = {"title": draft.title, "head": draft.branch, "base": draft.base, "body": draft.body}
        try:
            return read_answer(_read, [ask("POST", self._url, self._headers, {**body, "draft": True})])[0]
        except RefusedError as error:
            if "draft pull requests are not supported" not in error.answer.lower():
                raise
        return read_answer(_read, [ask("POST", self._url, self._headers, body)])[0]

    def change(self, number: int, title: str, body: str) -> None:
        """Change title and body of a pull request."""
        ask("PATCH", f"{self._url}/{number}", self._headers, {"title": title, "body": body})

    def close(self, number: int) -> None:
        """Close a pull request."""
        ask("PATCH", f"{self._url}/{number}", self._headers, {"state": "closed"})

    @property
    def _url(self) -> str:
        return f"{self.github.api}/repos/{self.github.repository}/pulls"

    @property
    def _headers(self) -> Mapping[str, str]:
        return {
            "Authorization": f"Bearer {self.github.token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }


def _read(pull: Mapping[str, Any]) -> Proposal:
    state: State = "merged" if pull.get("merged_at") else "open" if pull["state"] == "open" else "closed"
    return Proposal(pull["number"], state, pull["title"], pull.get("body") or "", pull["html_url"])
