"""GitHub's interface, as far as a job needs it: to start another job of the same repository."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from constat.errors import OutsideError

_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class GitHub:
    """A repository, and the token that may write to it. `api` is where the interface is."""

    repository: str
    token: str = field(repr=False)
    api: str = "https://api.github.com"

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "GitHub | None":
        """The repository whose job this is; `None` elsewhere, or without a token."""
        repository, token = environment.get("GITHUB_REPOSITORY"), environment.get("GITHUB_TOKEN")
        if not repository or not token:
            return None
        return cls(repository, token, environment.get("GITHUB_API_URL") or "https://api.github.com")

    def dispatch(self, event: str, payload: Mapping[str, str]) -> None:
        """Start the workflows that wait for a `repository_dispatch` of that type.

        Raises:
            OutsideError: GitHub did not take it.

        """
        import requests  # noqa: PLC0415 (only a job that starts another pays for it)

        try:
            answer = requests.post(
                f"{self.api}/repos/{self.repository}/dispatches",
                json={"event_type": event, "client_payload": dict(payload)},
                headers={"Authorization": f"Bearer {self.token}", "Accept": "application/vnd.github+json"},
                timeout=_TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise OutsideError(
                f"GitHub could not be told to start {event}: {type(error).__name__}"
            ) from error
        if answer.status_code != requests.codes.no_content:
            raise OutsideError(f"GitHub did not start {event}: it answered {answer.status_code}")
