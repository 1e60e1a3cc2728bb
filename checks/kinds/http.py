"""The kind `http`: a web address answers with the expected status and content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal
from unicodedata import normalize

from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records import json_path
from checks.secrets import find_secret_uses
from constat.config.fields import (
    Flag,
    Headers,
    Milliseconds,
    SecretTable,
    SecretText,
    Size,
    StatusRanges,
    Text,
    Url,
    about,
    wrong,
)
from constat.model.kinds import Defaults, SecretUse
from constat.text.host_names import read_url_host

if TYPE_CHECKING:
    from checks.network.http_client import HttpAnswer, Request

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.http_client",)

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@dataclass(frozen=True, slots=True)
class Basic:
    """A user and a password (RFC 7617)."""

    username: Annotated[SecretText, about("the user")]
    password: Annotated[SecretText, about("the password: ${CONSTAT_NAME}, declared under secrets")]


@dataclass(frozen=True, slots=True)
class Options:
    """The request to send, and what to expect of the answer."""

    url: Annotated[Url, about("the address to request")]
    method: Annotated[Method, about("the method of the request")] = "GET"
    query: Annotated[SecretTable, about("parameters added to the address; may hold secrets")] = field(
        default_factory=dict
    )
    headers: Annotated[Headers, about("headers of the request; may hold secrets")] = field(
        default_factory=dict
    )
    body: Annotated[SecretText | None, about("the body of the request; may hold secrets")] = None
    basic: Annotated[Basic | None, about("sign in with a user and a password")] = None
    bearer: Annotated[SecretText | None, about("sign in with a token: ${CONSTAT_NAME}")] = None
    status: Annotated[StatusRanges, about("the accepted statuses: 200, 2xx, 200-204, or a list")] = (
        (200, 299),
    )
    contains: Annotated[Text | None, about("text that the answer must contain")] = None
    absent: Annotated[Text | None, about("text that the answer must not contain")] = None
    json: Annotated[
        Mapping[str, Text],
        about("values that the JSON answer must have, by their path: {credit.left: '>= 100'}"),
    ] = field(default_factory=dict)
    follow_redirects: Annotated[Flag, about("follow redirects; the last answer counts")] = True
    verify: Annotated[Flag, about("verify the certificate; false accepts any")] = True
    ca: Annotated[
        Text | None, about("a file of certificate authorities to trust instead of the system's")
    ] = None
    unencrypted: Annotated[Flag, about("send secrets without TLS: for a server on this machine")] = False
    ip: Annotated[Literal["4", "6"] | None, about("only IPv4, or only IPv6")] = None
    degraded_above: Annotated[Milliseconds | None, about("degraded if it takes longer than this")] = None
    max_body: Annotated[Size, about("how much of the answer is read")] = 1 << 20

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
        if self.basic and self.bearer:
            raise wrong("both basic and bearer", "sign in one way")
        if secret_uses(self) and not (self.url.startswith("https:") or self.unencrypted):
            raise wrong("a secret would travel unencrypted", "write https://, or unencrypted: true")
        self._refuse_what_no_answer_has()

    def _refuse_what_no_answer_has(self) -> None:
        """Refuse expectations that no answer can meet: such a check would be down for ever."""
        asks_for_content = self.contains is not None or bool(self.json)
        if asks_for_content and self.method == "HEAD":
            raise wrong(
                "an answer to HEAD has no content", "write method: GET, or take contains and json out"
            )
        if asks_for_content and all(_has_no_content(first, last) for first, last in self.status):
            raise wrong("an answer of that status has no content", "take contains and json out")
        if self.contains is not None and self.absent is not None and self.absent in self.contains:
            raise wrong("what must be absent is part of what the answer must contain", "keep one of them")
        for path, expected in self.json.items():
            if not json_path.can_hold(expected):
                raise wrong(f"json: {path} can never be {expected!r}", "compare with a number: '>= 100'")


_WITHOUT_CONTENT = (204, 304)


def _has_no_content(first: int, last: int) -> bool:
    """Whether no status of a range has content (RFC 9110 6.4.1)."""
    return all(status in _WITHOUT_CONTENT for status in range(first, last + 1))


def subject(options: Options) -> str:
    """Name the host of the address."""
    return read_url_host(options.url)


def secret_uses(options: Options) -> tuple[SecretUse, ...]:
    """List everything secret in the request, which goes to the host of the address."""
    sign_in = (options.basic.username, options.basic.password) if options.basic else ()
    texts = (*options.query.values(), *options.headers.values(), *sign_in, options.bearer, options.body)
    return find_secret_uses(subject(options), *texts)


def probe(options: Options, context: Context) -> ProbeResult:
    """Make one request, follow its redirects, read the answer and check it."""
    return attempt(context, lambda: _check_answer(options, context), degraded_above_ms=options.degraded_above)


def _check_answer(options: Options, context: Context) -> None:
    from checks.network.http_client import fetch

    answer = fetch(_build_request(options), context)
    _check_status(answer.status, options)
    _check_content(answer, options, context)
    if options.json:
        _check_values(answer, options, context)


def _build_request(options: Options) -> "Request":
    from checks.network.http_client import Request

    return Request(
        url=options.url,
        method=options.method,
        query=options.query,
        headers=options.headers,
        body=options.body,
        basic=(options.basic.username, options.basic.password) if options.basic else None,
        bearer=options.bearer,
        follow_redirects=options.follow_redirects,
        verify=options.verify,
        ca=options.ca or "",
        ip=options.ip,
        max_body=options.max_body,
    )


def _check_status(status: int, options: Options) -> None:
    if not any(first <= status <= last for first, last in options.status):
        raise Trouble("status", str(status))


def _check_content(answer: "HttpAnswer", options: Options, context: Context) -> None:
    if options.absent is None and options.contains is None:
        return
    text = _compose(answer.text)
    if options.absent is not None and _compose(options.absent) in text:
        raise Trouble("content", f"{context.quote(options.absent)} present")
    if options.contains is not None and _compose(options.contains) not in text:
        where = f" in the first {options.max_body} bytes" if answer.cut else ""
        raise Trouble("content", f"{context.quote(options.contains)} missing{where}")


def _compose(text: str) -> str:
    """Write accents in the one way that looks the same as all others (NFC)."""
    return text if text.isascii() else normalize("NFC", text)


def _check_values(answer: "HttpAnswer", options: Options, context: Context) -> None:
    if answer.cut:
        raise Trouble("size", f"above {options.max_body} bytes")
    document = json_path.parse_json(answer.body, lambda: answer.text)
    for path, expected in options.json.items():
        try:
            value = json_path.find_value(document, path)
        except LookupError as error:
            raise Trouble("value", f"{context.quote(path)} missing") from error
        if not json_path.satisfies(value, expected):
            shown = context.quote(json_path.format_value(value))
            raise Trouble("value", f"{context.quote(path)} is {shown}")
