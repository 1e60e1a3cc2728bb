"""Fetching from a publisher that nobody here has reason to trust.

Only the origin that was asked for is asked: no redirect to another one is followed, no credentials are taken from
`~/.netrc`, and no proxy from the environment. One deadline bounds all of a file, from the connection to its last byte,
however slowly it drips; sizes and the number of files are bounded.
"""

from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from urllib.parse import SplitResult, urljoin

from constat.errors import OutsideError, UsageError, visible
from outside.web.access import Access
from outside.web.connection import Deadline, TooLargeError, ask, get_origin, split_url

_MAX_REDIRECTS = 3
_OVERHEAD = 1 << 20
"""How much more than the file a server may send: its headers, and the sizes of its chunks."""
_CHUNK = 1 << 16
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_MOVED = frozenset({301, 302, 303, 307, 308})


class Origin:
    """What is published below a URL."""

    def __init__(self, url: str, access: Access = Access()) -> None:  # noqa: B008 -- an immutable value
        self.url = url.rstrip("/")
        self._access = access
        self._files_left = access.most_files
        self._bytes_left = access.most_bytes
        split_url(url)
        if access.proxy and split_url(access.proxy).scheme != "http":
            raise UsageError("a proxy is reached over http", tip="write it as http://proxy.example.org:3128")

    def read(self, path: str, bound: int) -> bytes | None:
        """Fetch the bytes of a file, as they are sent; `None` if it is not there. `bound`: the most bytes that it may have.

        Raises:
            OutsideError: it cannot be fetched, is too large, takes too long, or is elsewhere; or there are too many files.

        """
        url = f"{self.url}/{path}"
        self._files_left -= 1
        if self._files_left < 0:
            raise OutsideError(
                f"{self.url} names more than {self._access.most_files:,} files: no more are fetched"
            )
        try:
            data = self._follow(url, min(bound, self._bytes_left), Deadline(self._access.deadline_s))
        except TimeoutError:
            raise OutsideError(
                f"{url} takes longer than {self._access.deadline_s:g} s",
                tip="allow it more: --timeout SECONDS",
            ) from None
        except TooLargeError:
            raise OutsideError(f"{url} is larger than {min(bound, self._bytes_left):,} bytes") from None
        except (OSError, HTTPException, ValueError) as error:
            raise OutsideError(f"{url} cannot be fetched: {visible(_describe(error))}") from error
        self._bytes_left -= len(data or b"")
        return data

    def _follow(self, url: str, bound: int, deadline: Deadline) -> bytes | None:
        """Ask for a URL, and for the one that the same origin redirects to."""
        for _ in range(_MAX_REDIRECTS + 1):
            target = split_url(url)
            with ask(target, self._access.proxy, deadline, bound + _OVERHEAD) as answer:
                if answer.status not in _MOVED:
                    return _read_answer(answer, url, bound)
                url = urljoin(url, answer.getheader("Location", ""))
            if not _is_same_origin(url, target):
                raise OutsideError(
                    f"{self.url} redirects to another place: {visible(url[:200])}",
                    tip="if you trust that place, give its address",
                )
        raise OutsideError(f"{self.url} redirects more than {_MAX_REDIRECTS} times")


def _describe(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:200] or type(error).__name__


def _is_same_origin(url: str, other: SplitResult) -> bool:
    try:
        return get_origin(split_url(url)) == get_origin(other)
    except UsageError:  # it is not a URL at all
        return False


def _read_answer(answer: HTTPResponse, url: str, bound: int) -> bytes | None:
    """Read the body of an answer, `None` if there is no such file."""
    if answer.status in _GONE:
        return None
    if answer.status != HTTPStatus.OK:
        raise OutsideError(f"{url} answers {answer.status}")
    chunks, size = [], 0
    while chunk := answer.read(_CHUNK):
        size += len(chunk)
        if size > bound:
            raise TooLargeError
        chunks.append(chunk)
    if answer.length:
        raise OutsideError(f"{url} is cut short: {answer.length:,} bytes are missing")
    return b"".join(chunks)
