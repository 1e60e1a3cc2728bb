"""What the job that runs us needs of GitHub: its summary, its outputs, and another job of the same repository."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from constat.errors import OutsideError

_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class GitHub:
    """A repository, and the token that may write to it. `api`: the address of its API."""

    repository: str
    token: str = field(repr=False)
    api: str = "https://api.github.com"

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "GitHub | None":
        """Find the repository whose job this is; `None` elsewhere, or without a token."""
        repository, token = environment.get("GITHUB_REPOSITORY"), environment.get("GITHUB_TOKEN")
        if not repository or not token:
            return None
        return cls(repository, token, environment.get("GITHUB_API_URL") or "https://api.github.com")

    def dispatch(self, event: str, payload: Mapping[str, str]) -> None:
        """Start the workflows that wait for a `repository_dispatch` of that type.

        Raises:
            OutsideError: GitHub did not accept it.

        """
        import requests  # noqa: PLC0415 (imported only by a job that starts another)

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
                f"GitHub could not be asked to start {event}: {type(error).__name__}"
            ) from error
        if answer.status_code != requests.codes.no_content:
            raise OutsideError(f"GitHub did not start {event}: it answered {answer.status_code}")


@dataclass(frozen=True, slots=True)
class Job:
    """The job that runs us; outside GitHub every field is empty, and the methods do nothing.

    `summary`: the Markdown file that the job shows to people. `outputs`: the file in which its later steps find values.
    """

    summary: Path | None = None
    outputs: Path | None = None
    is_scheduled: bool = False
    github: GitHub | None = None
    is_on_github: bool = False

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Job":
        """Read the job from an environment."""
        summary, outputs = environment.get("GITHUB_STEP_SUMMARY"), environment.get("GITHUB_OUTPUT")
        return cls(
            summary=Path(summary) if summary else None,
            outputs=Path(outputs) if outputs else None,
            is_scheduled=environment.get("GITHUB_EVENT_NAME") == "schedule",
            github=GitHub.of(environment),
            is_on_github=environment.get("GITHUB_ACTIONS") == "true",
        )

    def append_summary(self, text: str) -> None:
        """Add Markdown to the summary.

        Raises:
            OutsideError: it could not be written.

        """
        if self.summary:
            _append(self.summary, text)

    def set_outputs(self, values: Mapping[str, str]) -> None:
        """Pass values to the later steps of the job.

        Raises:
            OutsideError: they could not be written.

        """
        if self.outputs:
            _append(self.outputs, "".join(f"{name}={value}\n" for name, value in values.items()))

    def dispatch(self, event: str, payload: Mapping[str, str]) -> None:
        """Start the workflows of the same repository that wait for an event.

        Raises:
            OutsideError: GitHub did not accept it.

        """
        if self.github:
            self.github.dispatch(event, payload)


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise OutsideError(f"{path} could not be written: {error.strerror}") from error
