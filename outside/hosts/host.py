"""What a host of repositories does for us: open, change and close a proposal to merge a branch."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, Protocol

from constat.errors import OutsideError

TIMEOUT_S = 20


State = Literal["open", "merged", "closed"]
"""What became of a proposal."""


class Proposal(NamedTuple):
    """A proposal to merge a branch; `number` is the host's, within the repository. `url`: where people see it."""

    number: int
    state: State
    title: str
    body: str
    url: str


class Draft(NamedTuple):
    """A proposal to make: the branch, the one that it is to be merged into, title and body in Markdown."""

    branch: str
    base: str
    title: str
    body: str


class Host(Protocol):
    """A host of repositories. Every method raises `OutsideError` if the host cannot be reached or refuses."""

    def find(self, branch: str) -> tuple[Proposal, ...]:
        """Find every proposal of a branch, whatever became of it, the newest first."""

    def open(self, draft: Draft) -> Proposal:
        """Open a proposal as a draft, which the host does not let anybody merge by mistake."""

    def change(self, number: int, title: str, body: str) -> None:
        """Change title and body of a proposal."""

    def close(self, number: int) -> None:
        """Close a proposal without merging it."""


class RefusedError(OutsideError):
    """The host refused; `answer` is what it said."""

    def __init__(self, message: str, answer: str) -> None:
        super().__init__(message)
        self.answer = answer


def ask(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: Mapping[str, object] | None = None,
    query: Mapping[str, str] | None = None,
) -> Any:  # noqa: ANN401 -- whatever JSON the host answers
    """Send a request and read the JSON of the answer. The token is only in the headers, never in an error.

    Raises:
        RefusedError: the host answered with an error.
        OutsideError: the host was not reached, or its answer is not JSON.

    """
    import requests  # noqa: PLC0415 (imported only by a job that drafts)

    host = url.split("/")[2]
    try:
        answer = requests.request(
            method,
            url,
            headers=dict(headers),
            json=body,
            params=query,
            timeout=TIMEOUT_S,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise OutsideError(f"{host} could not be asked: {type(error).__name__}") from error
    if not answer.ok or answer.is_redirect:
        raise RefusedError(f"{host} answered {answer.status_code} to {method} {_get_path(url)}", answer.text)
    try:
        return answer.json()
    except ValueError:
        raise OutsideError(
            f"{host} answered something other than JSON to {method} {_get_path(url)}"
        ) from None


def read_answer(
    parse: Callable[[Any], Proposal],
    answers: Any,  # noqa: ANN401 -- whatever JSON the host answers
    is_ours: Callable[[Any], bool] | None = None,
) -> tuple[Proposal, ...]:
    """Read the proposals of an answer, or only those that are ours.

    Raises:
        OutsideError: it does not hold what the host documents.

    """
    try:
        return tuple(parse(answer) for answer in answers if is_ours is None or is_ours(answer))
    except (LookupError, TypeError, AttributeError) as error:
        raise OutsideError(f"the host answered with something other than proposals ({error!r})") from error


def _get_path(url: str) -> str:
    return "/" + url.split("/", 3)[3]
