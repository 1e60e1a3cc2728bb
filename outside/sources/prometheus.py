"""The source `prometheus`: raw samples, by its HTTP interface, which Thanos, Mimir and VictoriaMetrics speak as well.

An instant query of a range selector returns the samples with the times of their scrapes. `query_range` would not do: it
evaluates steps, fills a gap of up to five minutes with the last value, and so invents looks. A scrape that failed, a target
that is gone and a Prometheus that was stopped leave no sample (a stale marker is not one either): nobody looked.
"""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from operator import itemgetter
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from constat.errors import OutsideError, visible
from constat.interval import Interval
from constat.model import Outcome, Source, SourceLabels
from outside.sources.question import Look, Names, Question, Series, TooMuchError, TooSlowError
from outside.web.connection import Body, Deadline, Sending, TooLargeError, ask, split_url

DEADLINE_S: Final = 30.0
"""How long one answer may take, from the connection to its last byte."""
MOST_BYTES: Final = 64 << 20
"""The most bytes of one answer, unpacked: about three million samples."""
_LONGEST_TEXT: Final = 200
_LONGEST_LOOK_S: Final = 86_400
_OUTCOMES: Final = {"1": Outcome.UP, "0": Outcome.DOWN}
_STALE: Final = "NaN"
_FORM: Final = "application/x-www-form-urlencoded"
_SHORTER_HELPS: Final = (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
"""What Prometheus, Mimir and VictoriaMetrics answer if a query would load more samples than they allow."""
_PIECE: Final = 1 << 18
_WRONG_ADDRESS: Final = "write in url: the address below which api/v1/query is"


class _FoundSeries(NamedTuple):
    """A series as it was answered. `values`: `[[1435781430.781, "1"], ...]`, the time in seconds and the value as text.

    `has_histograms`: some of its samples are native histograms, which are no values.
    """

    labels: Mapping[str, str]
    values: Sequence[Sequence[Any]]
    has_histograms: bool

    def read_names(self, labels: SourceLabels) -> Names:
        """Read the names in the labels of the series."""
        get = self.labels.get
        return get(labels.service, ""), get(labels.check, ""), get(labels.vantage, "")

    @property
    def title(self) -> str:
        """The series as PromQL writes it."""
        pairs = (f'{name}="{text}"' for name, text in sorted(self.labels.items()) if name != "__name__")
        return _shorten(f"{self.labels.get('__name__', '')}{{{', '.join(pairs)}}}")


def collect(question: Question) -> tuple[Series, ...]:
    """Ask for the looks of a window, and for how long each took.

    Raises:
        TooMuchError: the answer is too large, or Prometheus refuses to load so many samples.
        TooSlowError: the answer was not complete in time.
        OutsideError: no answer, an answer in part, or one that does not follow the interface.

    """
    source = question.source
    outcomes = _query(question, source.query)
    durations = _query(question, source.latency) if source.latency else ()
    with _translate_errors(source):
        latencies: dict[Names, dict[float, int]] = {}
        for series in durations:
            latencies.setdefault(series.read_names(source.labels), {}).update(
                {at: _read_latency(value) for at, value in series.values}
            )
        return tuple(_read_series(series, source.labels, latencies, question.window) for series in outcomes)


def _read_series(
    found: _FoundSeries,
    labels: SourceLabels,
    latencies: Mapping[Names, Mapping[float, int]],
    window: Interval,
) -> Series:
    names = found.read_names(labels)
    took = latencies.get(names, {})
    start, end = window
    looks: list[Look] = []
    odd = "of a histogram" if found.has_histograms else ""
    for at, value in found.values:
        outcome = _OUTCOMES.get(value)
        if outcome is None:
            odd = odd if value == _STALE else _shorten(str(value))
        elif start <= at < end:
            looks.append((int(at), outcome, took.get(at, 0)))
    looks.sort(key=itemgetter(0))
    return Series(names, found.title, tuple(looks), odd)


def _read_latency(value: Any) -> int:  # noqa: ANN401 -- whatever was answered
    """Read the milliseconds; 0, which stands for unknown, for a time that no look can take."""
    seconds = float(value)
    return round(seconds * 1000) if 0 <= seconds < _LONGEST_LOOK_S else 0


def _query(question: Question, selector: str) -> tuple[_FoundSeries, ...]:
    """Ask for the raw samples of a window. Both ends of a range count, so it ends a millisecond before the window does."""
    source, window = question.source, question.window
    query = {"query": f"{selector}[{window.seconds}s]", "time": f"{window.end - 1}.999"}
    status, data = _post(question, urlencode(query).encode())
    with _translate_errors(source):
        answer = _read_object(data) if status != HTTPStatus.OK else json.loads(data)
        if status != HTTPStatus.OK or answer["status"] != "success":
            raise _explain(source, status, answer)
        if answer.get("warnings") or answer.get("isPartial"):
            why = _shorten("; ".join(map(str, answer.get("warnings", ()))))
            raise OutsideError(f"{source.url} answers only in part: {why or 'it does not say why'}")
        if answer["data"]["resultType"] != "matrix":
            raise ValueError(f"a result of the type {answer['data']['resultType']}")
        return tuple(_read_found_series(series) for series in answer["data"]["result"])


def _read_object(data: bytes) -> Mapping[str, Any]:
    """Read the answer of a failure; empty if it is not an object, such as the page of a proxy before the server."""
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _read_found_series(series: Mapping[str, Any]) -> _FoundSeries:
    has_histograms = "histograms" in series
    values = series.get("values", ()) if has_histograms else series["values"]
    return _FoundSeries(_read_labels(series["metric"]), values, has_histograms)


def _read_labels(found: Mapping[str, Any]) -> dict[str, str]:
    """Read the labels of a series.

    Raises:
        ValueError: one is not text.

    """
    labels = dict(found)
    if not all(isinstance(text, str) for text in labels.values()):
        raise ValueError("a label that is not text")
    return labels


def _explain(source: Source, status: int, answer: Mapping[str, Any]) -> OutsideError:
    """Build the error for an answer that says what is wrong."""
    reason = _shorten(str(answer.get("error", "it does not say why")))
    message = f"{source.url} answers with status {status}: {reason}"
    if status in _SHORTER_HELPS or answer.get("errorType") == "timeout":
        return TooMuchError(message)
    return OutsideError(message, tip=_WRONG_ADDRESS if status == HTTPStatus.NOT_FOUND else "")


@contextmanager
def _translate_errors(source: Source) -> Iterator[None]:
    """Turn whatever is wrong with the shape of an answer into one error."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
        why = _shorten(f"{type(error).__name__}: {error}")
        raise OutsideError(
            f"{source.url} does not answer as Prometheus does ({why})",
            tip=_WRONG_ADDRESS,
        ) from error


def _post(question: Question, form: bytes) -> tuple[int, bytes]:
    """Send a query; return the status and the unpacked body of the answer."""
    source, access = question.source, question.access
    base = split_url(source.url)
    url = base._replace(path=f"{base.path.rstrip('/')}/api/v1/query")
    sending = Sending(Body(form, _FORM), {"Accept-Encoding": "gzip", **access.headers}, access.trust)
    try:
        with ask(url, None, Deadline(DEADLINE_S), MOST_BYTES, sending) as answer:
            if answer.status // 100 == 3:  # noqa: PLR2004 -- a redirect, which may lead anywhere
                raise OutsideError(f"{source.url} redirects: write the address that it leads to")
            return answer.status, _unpack(answer, MOST_BYTES)
    except TooLargeError:
        raise TooMuchError(f"{source.url} sends more than {MOST_BYTES >> 20} MiB") from None
    except TimeoutError:
        raise TooSlowError(f"{source.url} does not answer within {DEADLINE_S:.0f} s") from None
    except (OSError, HTTPException) as error:
        raise OutsideError(f"{source.url} cannot be reached: {_shorten(str(error))}") from error
    except zlib.error as error:
        raise OutsideError(f"{source.url} sends what cannot be unpacked: {error}") from error


def _unpack(answer: HTTPResponse, most: int) -> bytes:
    """Read a body, and unpack it if it is packed: no more than `most` bytes."""
    if answer.getheader("Content-Encoding", "identity") != "gzip":
        return answer.read()
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    body = bytearray()
    while piece := answer.read(_PIECE):
        body += unpacker.decompress(piece, most + 1 - len(body))
        if len(body) > most:
            raise TooLargeError
    if not unpacker.eof:
        raise zlib.error("it ends too early")
    return bytes(body)


def _shorten(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."
