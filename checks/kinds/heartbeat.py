"""The kind `heartbeat`: a job reports by itself that it ran, and we look at when it last did.

A job inside a network that we cannot reach touches a file, pushes to a git reference, or writes the time into an object
behind a web address. Trouble with reading that place says nothing of the job: the outcome is unknown.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records import json_path
from checks.records.reported_time import describe_distance, parse_reported_time
from checks.secrets import find_secret_uses
from constat.config.fields import Duration, Flag, Headers, Text, Url, about, wrong
from constat.interval import Instant, format_instant
from constat.model import Outcome
from constat.model.kinds import Defaults, SecretUse
from constat.text.host_names import read_url_host

if TYPE_CHECKING:
    from checks.network.http_client import HttpAnswer

DEFAULTS: Defaults = Defaults(attempts="1")
"""One attempt: a report that is late now is late in five seconds too."""
LIBRARIES: tuple[str, ...] = ("checks.network.http_client", "checks.network.git_ref")
CLOCKS_DIFFER_S = 60
"""How far a reporter's clock may be ahead of ours before we say so."""
LAST_INSTANT = 253_370_764_800
"""The beginning of the year 9999."""
_MISSING = (404, 410)
_LONGEST = 1 << 16
_REPOSITORY = re.compile(r"(?:https?|git)://[^\s@]+|(?!-)[^\s:]+")
_REF = re.compile(r"(?!-)[^\s:+*^~?\[\\]+")


@dataclass(frozen=True, slots=True)
class Options:
    """Where the job reports, and when a report is late."""

    warn: Annotated[Duration, about("degraded if the last report is older than this")]
    fail: Annotated[Duration, about("down if the last report is older than this")]
    file: Annotated[
        Text | None, about("a file that the job touches, in the project if its path is not absolute")
    ] = None
    repository: Annotated[
        Text | None,
        about("a git repository that the job pushes to: one that anybody can read, or a folder"),
    ] = None
    ref: Annotated[Text, about("the branch or other reference in it, whose commit's date is the report")] = (
        "heartbeat"
    )
    url: Annotated[Url | None, about("an address whose content is the time of the report")] = None
    time: Annotated[
        Text | None, about("the path to the time in its JSON; without it, the content itself is the time")
    ] = None
    headers: Annotated[Headers, about("headers of the request; may hold secrets")] = field(
        default_factory=dict
    )
    ca: Annotated[
        Text | None, about("a file of certificate authorities to trust instead of the system's")
    ] = None
    unencrypted: Annotated[Flag, about("send secrets without TLS: for a server on this machine")] = False

    def __post_init__(self) -> None:
        """Refuse a check that looks in no place, or in several, or would be down before it is degraded.

        Raises:
            ValueError: it is such a check.

        """
        if self.fail < self.warn:
            raise wrong("fail comes before warn", "warn must be the shorter time")
        places = [place for place in (self.file, self.repository, self.url) if place is not None]
        if len(places) != 1:
            said = "no place where the job reports" if not places else "several places where the job reports"
            raise wrong(said, "write one of file, repository and url")
        if self.url is None and (self.time is not None or self.headers):
            raise wrong("time and headers belong to url", "take them out")
        if secret_uses(self) and not ((self.url or "").startswith("https:") or self.unencrypted):
            raise wrong("a secret would travel unencrypted", "write https://, or unencrypted: true")
        self._refuse_odd_references()

    def _refuse_odd_references(self) -> None:
        if self.repository is not None and not _REPOSITORY.fullmatch(self.repository):
            raise wrong(
                f"{self.repository!r} is not a repository that can be read without signing in",
                "write https://HOST/PATH or a folder",
            )
        if not _REF.fullmatch(self.ref):
            raise wrong(f"{self.ref!r} is not a valid git reference", "write a branch, or refs/...")


def subject(options: Options) -> str:
    """Name the host of the report; a file or a folder has none."""
    if options.url is not None:
        return read_url_host(options.url)
    repository = options.repository or ""
    return read_url_host(repository) if "://" in repository else ""


def secret_uses(options: Options) -> tuple[SecretUse, ...]:
    """List the secrets in the headers, which go to the host of the address."""
    return find_secret_uses(subject(options), *options.headers.values()) if options.url else ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Find the last report, and how old it is."""
    return attempt(context, lambda: _judge(_find_report(options, context), options, context))


def _find_report(options: Options, context: Context) -> Instant:
    """Find the time of the last report.

    Raises:
        Trouble: there is none, the place cannot be read, or what it holds is not a time.

    """
    from checks.network.asking import asking

    report: Instant | HttpAnswer | None
    with asking("the place of the report", context):
        if options.file is not None:
            report = _read_file_time(options.file, context)
        elif options.repository is not None:
            report = _read_commit_time(options.repository, options.ref, context)
        else:
            report = _fetch_object(options, context)
    if report is None:
        raise Trouble("late", "no report yet")
    return report if isinstance(report, int) else _read_time(report, options.time, context)


def _judge(reported: Instant, options: Options, context: Context) -> None:
    """Raise `Trouble` if the report is late: degraded, then down.

    A time ahead of ours would hide a later silence, so it counts like one as far behind.
    """
    if not 0 <= reported <= LAST_INSTANT:
        raise Trouble("value", f"no possible time {reported}")
    age_s = context.now - reported
    ahead = age_s < -CLOCKS_DIFFER_S
    distance = describe_distance(abs(age_s))
    context.note(
        "report", f"{format_instant(reported)}: {distance} {'ahead of our clock' if age_s < 0 else 'ago'}"
    )
    if ahead:
        outcome = Outcome.DOWN if -age_s > options.fail else Outcome.DEGRADED
        raise Trouble("late", f"the reporter's clock is {distance} ahead of ours", outcome=outcome)
    if age_s > options.warn:
        outcome = Outcome.DOWN if age_s > options.fail else Outcome.DEGRADED
        raise Trouble("late", f"last report {distance} ago", outcome=outcome)


def _read_file_time(name: str, context: Context) -> Instant | None:
    """Read when a file was last touched; `None` if there is none.

    A missing folder is our own trouble: perhaps it is not mounted.
    """
    path = context.root / name
    try:
        return int(path.stat().st_mtime)
    except FileNotFoundError:
        if path.parent.is_dir():
            return None
        raise Trouble("unanswered", "the folder of the report is missing") from None
    except (NotADirectoryError, PermissionError) as error:
        raise Trouble("unanswered", "the folder of the report cannot be read") from error


def _read_commit_time(repository: str, ref: str, context: Context) -> Instant | None:
    from checks.network.git_ref import NoSuchRefError, fetch_commit_time

    try:
        return fetch_commit_time(repository, ref, context)
    except NoSuchRefError:
        return None


def _fetch_object(options: Options, context: Context) -> "HttpAnswer | None":
    """Fetch the object; `None` if there is none."""
    from checks.network.http_client import fetch
    from checks.network.http_request import Request

    request = Request(url=options.url or "", headers=options.headers, ca=options.ca or "", max_body=_LONGEST)
    answer = fetch(request, context)
    if answer.status in _MISSING:
        return None
    if answer.status // 100 != 2:  # noqa: PLR2004 - 2xx
        raise Trouble("status", str(answer.status))
    return answer


def _read_time(answer: "HttpAnswer", path: str | None, context: Context) -> Instant:
    """Read the time in an object. The job wrote it, so trouble with it counts against the job."""
    text = answer.text
    if path is not None:
        document = json_path.parse_json(answer.body, lambda: answer.text)
        try:
            text = json_path.format_value(json_path.find_value(document, path))
        except LookupError as error:
            raise Trouble("value", f"{context.quote(path)} missing") from error
    try:
        return parse_reported_time(text)
    except ValueError as error:
        raise Trouble("value", f"not a time with an offset {context.quote(text)}") from error
