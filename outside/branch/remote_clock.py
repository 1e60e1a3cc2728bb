"""The clock of the remote: the `Date` of its answers (RFC 9110 6.6.1), which our own clock is compared with.

Only remotes that speak HTTP tell the time. One reached by ssh or on this disk is not asked.
"""

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from constat.interval import Instant, format_instant
from outside.branch.git import Git, GitError

if TYPE_CHECKING:
    from requests import PreparedRequest

TOLERANCE_S: Final = 60
"""How far two clocks may be apart."""
_TIMEOUT_S = 10

AskDate = Callable[[str], str | None]
"""Asks a URL, and returns the `Date` of its answer; `None` if it does not answer."""


class RemoteClock(NamedTuple):
    """Compares our clock with that of a remote. `clock`: ours, in seconds since 1970. `ask`: asks the remote."""

    clock: Callable[[], float]
    ask: AskDate

    def find_trouble(self, git: Git) -> str:
        """Say why our clock is not to be trusted; empty if it can be, or if there is no remote clock to compare it with.

        Raises:
            OutsideError: git is not installed.

        """
        url = _find_url(git)
        before = self.clock()
        remote = _parse_date(self.ask(url)) if url else None
        if remote is None:
            return ""
        after = self.clock()
        apart = max(before - remote, remote - after, 0)
        if apart <= TOLERANCE_S:
            return ""
        return (
            f"the clock of this machine says {format_instant(int(after))}, that of {urlsplit(url).hostname} "
            f"{format_instant(remote)}: more than {TOLERANCE_S} s apart, so nothing is recorded or sealed"
        )


def ask_date(url: str) -> str | None:
    """Send a HEAD request without credentials: any answer has the date, even a refusal."""
    import requests  # noqa: PLC0415 -- heavy, and only needed if there is something to record

    try:
        with requests.Session() as session:
            session.auth = _send_no_credentials
            answer = session.head(url, timeout=_TIMEOUT_S, allow_redirects=False)
    except (requests.RequestException, OSError):
        return None
    return answer.headers.get("Date")


def _send_no_credentials(request: "PreparedRequest") -> "PreparedRequest":
    """Leave a request without credentials: without this, requests would take some from ~/.netrc."""
    return request


def _find_url(git: Git) -> str:
    """Find the remote's URL without credentials, empty if it does not speak HTTP."""
    try:
        parts = urlsplit(git.run_text("config", "--get", "remote.origin.url"))
    except (GitError, ValueError):
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _parse_date(value: str | None) -> Instant | None:
    try:
        return int(parsedate_to_datetime(value).timestamp()) if value else None
    except (ValueError, OverflowError):
        return None
