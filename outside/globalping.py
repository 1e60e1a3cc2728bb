"""Globalping's API, version 1: a measurement is created by POST, then polled until it is final. Its limits are kept.

The shapes are those of its OpenAPI description. The address of the API is the only host that is asked, and no redirect is
followed, so that a token goes nowhere else.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from constat.errors import OutsideError, visible
from constat.text.safe_json import load_json
from outside.web.connection import Body, Deadline, Sending, TooLargeError, ask, split_url

POLL_S: Final = 0.5
"""The seconds between two polls of a measurement; Globalping asks its clients to wait half a second."""
DEADLINE_S: Final = 45.0
"""How long a measurement may take, from creation to end; a probe gives up after 10 to 30 seconds."""
REQUEST_S: Final = 10.0
"""How long one answer of the API may take."""
MOST_BYTES: Final = 4 << 20
HOLD_S: Final = 60
"""How long to send no request after a refusal that does not say how long to wait."""
_LONGEST_HOLD_S: Final = 86_400
_LONGEST_TEXT: Final = 200


class UnansweredError(OutsideError):
    """Globalping gives no answer. `reason`: why, in our own words, which may be published."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"Globalping {reason}{f': {_shorten(detail)}' if detail else ''}")
        self.reason = reason


class Measured(NamedTuple):
    """A measurement that is over: its id, and the `result` of each probe as it was answered."""

    id: str
    results: tuple[Any, ...]


class Limits:
    """What Globalping still allows, according to its answers; whatever it does not allow is not sent. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held_until = 0.0
        self._left: int | None = None
        self._reset_at = 0.0

    def take(self, tests: int) -> None:
        """Take `tests` off those that are left; with 0, only make sure that requests are allowed.

        Raises:
            UnansweredError: Globalping allows no request now, or not so many tests.

        """
        with self._lock:
            now = self._clock()
            if now < self._held_until:
                raise _build_hold_error("request", self._held_until - now)
            if self._left is None or now >= self._reset_at:
                self._left = None
            elif self._left < tests:
                raise _build_hold_error("test", self._reset_at - now)
            else:
                self._left -= tests

    def note(self, answer: HTTPResponse) -> None:
        """Note the limits in an answer: `Retry-After` of a refusal, tests and credits left, seconds until the reset."""
        left, reset = _read_count(answer, "X-RateLimit-Remaining"), _read_count(answer, "X-RateLimit-Reset")
        credit = _read_count(answer, "X-Credits-Remaining") or 0
        with self._lock:
            now = self._clock()
            if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                wait = _read_count(answer, "Retry-After") or reset or HOLD_S
                self._held_until = now + min(wait, _LONGEST_HOLD_S)
            elif answer.status == HTTPStatus.ACCEPTED and left is not None and reset is not None:
                self._left, self._reset_at = left + credit, now + min(reset, _LONGEST_HOLD_S)


class Pace(NamedTuple):
    """The pace of the polls: a clock that never jumps, how to wait, and the seconds for one answer."""

    clock: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep
    request_s: float = REQUEST_S


REAL: Final = Pace()


class Api:
    """The API at an address. `headers` sign in; `limits` are those of the caller, over all of its requests."""

    def __init__(self, url: str, headers: Mapping[str, str], limits: Limits, pace: Pace = REAL) -> None:
        self._base = split_url(url)
        self._headers = headers
        self._limits = limits
        self._pace = pace

    def measure(self, request: Mapping[str, Any], tests: int) -> Measured:
        """Create a measurement that makes `tests` tests, and wait for its end.

        Raises:
            UnansweredError: it cannot be made, or does not end.

        """
        self._limits.take(tests)
        created = self._send("", json.dumps(request).encode())
        measurement = created.get("id")
        if not isinstance(measurement, str) or not measurement:
            raise UnansweredError("does not answer as documented", "a measurement without an id")
        end = self._pace.clock() + DEADLINE_S
        while self._pace.clock() < end:
            self._pace.wait(POLL_S)
            self._limits.take(0)
            answer = self._send(f"/{quote(measurement, safe='')}")
            if answer.get("status") != "in-progress":
                return Measured(measurement, _list_results(answer))
        raise UnansweredError(f"does not finish a measurement within {DEADLINE_S:.0f} s")

    def _send(self, path: str, body: bytes | None = None) -> dict[str, Any]:
        url = self._base._replace(path=f"{self._base.path.rstrip('/')}/v1/measurements{path}", query="")
        sending = Sending(Body(body, "application/json") if body else None, self._headers)
        try:
            with ask(url, None, Deadline(self._pace.request_s), MOST_BYTES, sending) as answer:
                self._limits.note(answer)
                return _read_answer(answer.status, answer.read())
        except TooLargeError:
            raise UnansweredError(f"sends more than {MOST_BYTES >> 20} MiB") from None
        except TimeoutError:
            raise UnansweredError("does not answer in time") from None
        except (OSError, HTTPException) as error:
            raise UnansweredError("cannot be reached", str(error)) from error


def _read_answer(status: int, data: bytes) -> dict[str, Any]:
    """Read the JSON of an answer.

    Raises:
        UnansweredError: it is a refusal, or not what is documented.

    """
    try:
        content = load_json(data)
    except ValueError:
        content = None
    if status in (HTTPStatus.OK, HTTPStatus.ACCEPTED):
        if not isinstance(content, dict):
            raise UnansweredError("does not answer as documented")
        return content
    error = content.get("error") if isinstance(content, dict) else None
    message = str(error.get("message", "")) if isinstance(error, dict) else ""
    raise UnansweredError(_explain(status, error), message)


def _explain(status: int, error: object) -> str:
    """Say in our own words why a request was refused."""
    if isinstance(error, dict) and error.get("type") == "no_probes_found":
        return "has no probe there"
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return "does not take the token"
    return (
        "allows no more for now"
        if status == HTTPStatus.TOO_MANY_REQUESTS
        else f"answers with status {status}"
    )


def _list_results(measurement: Mapping[str, Any]) -> tuple[Any, ...]:
    results = measurement.get("results")
    if not isinstance(results, list):
        raise UnansweredError("does not answer as documented", "a measurement without results")
    return tuple(probe.get("result") if isinstance(probe, dict) else None for probe in results)


def _read_count(answer: HTTPResponse, header: str) -> int | None:
    """Read a whole number in a header; `None` if it is missing or something else."""
    text = (answer.getheader(header) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 -- 30 years in seconds


def _build_hold_error(what: str, seconds: float) -> UnansweredError:
    return UnansweredError(f"allows no {what} yet", f"for another {max(1, round(seconds))} s")


def _shorten(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."
