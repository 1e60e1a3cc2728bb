"""`http`: a web address answers with the expected status, and with what it should hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from checks import json_path
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.secrets import find_secret_names
from constat.config.fields import (
    Flag,
    Milliseconds,
    SecretTable,
    SecretText,
    Size,
    StatusRanges,
    Text,
    Url,
    about,
)
from constat.config.parsing import wrong

DEFAULTS: Mapping[str, str] = {}
LIBRARIES = ("checks.network.http_client",)

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@dataclass(frozen=True, slots=True)
class Basic:
    """A user and a password (RFC 7617)."""

    username: Annotated[SecretText, about("the user")]
    password: Annotated[SecretText, about("the password: ${CONSTAT_NAME}, declared under secrets")]


@dataclass(frozen=True, slots=True)
class Options:
    """What `status.yml` may say of an `http` check."""

    url: Annotated[Url, about("the address that is asked for")]
    method: Annotated[Method, about("the method of the request")] = "GET"
    query: Annotated[SecretTable, about("names and values added to the address; may hold secrets")] = field(
        default_factory=dict
    )
    headers: Annotated[SecretTable, about("headers of the request; may hold secrets")] = field(
        default_factory=dict
    )
    body: Annotated[SecretText | None, about("what is sent; may hold secrets")] = None
    basic: Annotated[Basic | None, about("sign in with a user and a password")] = None
    bearer: Annotated[SecretText | None, about("sign in with a token: ${CONSTAT_NAME}")] = None
    status: Annotated[StatusRanges, about("the statuses that are well: 200, 2xx, 200-204, or a list")] = (
        (200, 299),
    )
    contains: Annotated[Text | None, about("text that the answer must hold")] = None
    absent: Annotated[Text | None, about("text that the answer must not hold")] = None
    json: Annotated[
        Mapping[str, Text], about("values of the JSON answer by their path: {credit.left: '>= 100'}")
    ] = field(default_factory=dict)
    follow_redirects: Annotated[Flag, about("go where a redirect leads; the last answer counts")] = True
    verify: Annotated[Flag, about("verify the certificate; false accepts any")] = True
    ca: Annotated[
        Text | None, about("a file of certificate authorities to trust instead of the system's")
    ] = None
    unencrypted: Annotated[Flag, about("let secrets travel without TLS: for a server on this machine")] = (
        False
    )
    ip: Annotated[Literal["4", "6"] | None, about("only IPv4, or only IPv6")] = None
    degraded_above: Annotated[Milliseconds | None, about("degraded where it takes longer than this")] = None
    max_body: Annotated[Size, about("how much of the answer is read")] = 1 << 20

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ValueError: options that contradict each other.

        """
        if self.basic and self.bearer:
            raise wrong("both basic and bearer", "sign in one way")
        if self._has_secrets and not (self.url.startswith("https:") or self.unencrypted):
            raise wrong("a secret would travel unencrypted", "write https://, or unencrypted: true")

    @property
    def _has_secrets(self) -> bool:
        signing_in = (self.basic.username, self.basic.password) if self.basic else ()
        texts = (
            *self.query.values(),
            *self.headers.values(),
            *signing_in,
            self.bearer or "",
            self.body or "",
        )
        return any(find_secret_names(text) for text in texts)


def probe(options: Options, context: Context) -> ProbeResult:
    """Make one request, follow its redirects, read the answer and judge it."""
    return attempt(context, lambda: _visit(options, context), degraded_above_ms=options.degraded_above)


def _visit(options: Options, context: Context) -> None:
    from checks.network.http_client import fetch

    answer = fetch(options, context)
    _judge_status(answer.status, options)
    _judge_content(answer.text, options, context, cut=answer.cut)
    if options.json:
        _judge_values(answer.body, options, context, cut=answer.cut)


def _judge_status(status: int, options: Options) -> None:
    if not any(first <= status <= last for first, last in options.status):
        raise Trouble("status", str(status))


def _judge_content(text: str, options: Options, context: Context, *, cut: bool) -> None:
    if options.absent is not None and options.absent in text:
        raise Trouble("content", f"{context.quote(options.absent)} present")
    if options.contains is not None and options.contains not in text:
        where = f" in the first {options.max_body} bytes" if cut else ""
        raise Trouble("content", f"{context.quote(options.contains)} missing{where}")


def _judge_values(body: bytes, options: Options, context: Context, *, cut: bool) -> None:
    if cut:
        raise Trouble("size", f"above {options.max_body} bytes")
    document = json_path.parse_path(body)
    for path, expected in options.json.items():
        try:
            found = json_path.as_text(json_path.value_at(document, path))
        except LookupError as error:
            raise Trouble("value", f"{context.quote(path)} missing") from error
        if not json_path.satisfies(found, expected):
            raise Trouble("value", f"{context.quote(path)} is {context.quote(found)}")
