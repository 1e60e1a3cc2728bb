"""Merge requests of a project at GitLab (https://docs.gitlab.com/api/merge_requests/)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from outside.hosts.host import Draft, Proposal, State, ask, read_answer

_DRAFT: Final = "Draft: "
"""What makes a merge request a draft, at the beginning of its title."""

_STATES: Final[Mapping[str, State]] = {"opened": "open", "merged": "merged"}


@dataclass(frozen=True, slots=True)
class GitLab:
    """The merge requests of a project, by its number or its path; `token` has the scope `api`."""

    api: str
    project: str
    token: str = field(repr=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "GitLab | None":
        """Find the project whose pipeline this is; `None` elsewhere, or without a token of its own.

        The token that every job has may not open merge requests.
        """
        api, project = environment.get("CI_API_V4_URL"), environment.get("CI_PROJECT_ID")
        token = environment.get("GITLAB_TOKEN")
        return cls(api, project, token) if api and project and token else None

    def find(self, branch: str) -> tuple[Proposal, ...]:
        """Find every merge request of a branch, the newest first; a fork may have a branch of that name too."""
        query = {"state": "all", "source_branch": branch, "per_page": "100"}
        answer = ask("GET", self._url, self._headers, query=query)
        return read_answer(_read, answer, _is_of_project)

    def open(self, draft: Draft) -> Proposal:
        """Open a merge request as a draft."""
        body = {
            "source_branch": draft.branch,
            "target_branch": draft.base,
            "title": f"{_DRAFT}{draft.title}",
            "description": draft.body,
            "remove_source_branch": True,
        }
        return read_answer(_read, [ask("POST", self._url, self._headers, body)])[0]

    def change(self, number: int, title: str, body: str) -> None:
        """Change title and description of a merge request. It stays a draft if it is one."""
        present = ask("GET", f"{self._url}/{number}", self._headers)["title"]
        kept = _DRAFT if present.startswith(_DRAFT) else ""
        ask("PUT", f"{self._url}/{number}", self._headers, {"title": f"{kept}{title}", "description": body})

    def close(self, number: int) -> None:
        """Close a merge request."""
        ask("PUT", f"{self._url}/{number}", self._headers, {"state_event": "close"})

    @property
    def _url(self) -> str:
        return f"{self.api}/projects/{quote(self.project, safe='')}/merge_requests"

    @property
    def _headers(self) -> Mapping[str, str]:
        return {"PRIVATE-TOKEN": self.token}


def _is_of_project(merge: Mapping[str, Any]) -> bool:
    return bool(merge.get("source_project_id") == merge.get("target_project_id"))


def _read(merge: Mapping[str, Any]) -> Proposal:
    title = str(merge["title"]).removeprefix(_DRAFT)
    state = _STATES.get(merge["state"], "closed")
    return Proposal(merge["iid"], state, title, merge.get("description") or "", merge["web_url"])
