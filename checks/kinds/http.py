"""The kind `http`: a web address answers with the expected status and content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Annotated
from unicodedata import normalize

from checks.option_types import DegradedAbove, Family, check_client_certificate
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records import json_path
from checks.records.http_steps import Method, Step, check_form, check_names, hide, walk
from checks.secrets import find_secret_uses
from constat.config.fields import (
    Flag,
    Headers,
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
    from checks.network.http_client import HttpAnswer
    from checks.network.http_request import Request
    from checks.network.tls_context import OwnCertificate

DEFAULTS: Defaults = Defaults()
LIBRARIES: tuple[str, ...] = ("checks.network.http_client",)


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
    form: Annotated[SecretTable, about("fields of a form to send; may hold secrets")] = field(
        default_factory=dict
    )
    steps: Annotated[tuple[Step, ...], about("requests made before this one, in turn; cookies are kept")] = ()
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
    client_cert: Annotated[
        SecretText | None,
        about("the client certificate: a file in the project, or a secret that contains it as PEM"),
    ] = None
    client_key: Annotated[
        SecretText | None,
        about("its private key: a secret that contains it as PEM, or a file that is not in git"),
    ] = None
    unencrypted: Annotated[Flag, about("send secrets without TLS: for a server on this machine")] = False
    ip: Family = None
    degraded_above: DegradedAbove = None
    max_body: Annotated[Size, about("how much of the answer is read")] = 1 << 20

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: they do.

        """
        if self.basic and self.bearer:
            raise wrong("both basic and bearer", "sign in one way")
        self._refuse_what_is_not_safe()
        check_form(self.method, self.form, self.body)
        if self.steps:
            check_names(self.steps, self._list_texts())
        self._refuse_what_no_answer_has()

    def _refuse_what_is_not_safe(self) -> None:
        """Refuse to send secrets without TLS, half a certificate, and a key that would be published."""
        hosts = {use.host for use in secret_uses(self)}
        open_hosts = {read_url_host(url) for url in self._list_urls() if not url.startswith("https:")}
        if hosts & open_hosts and not self.unencrypted:
            raise wrong("a secret would travel unencrypted", "write https://, or unencrypted: true")
        check_client_certificate(self.client_cert, self.client_key)

    def _list_urls(self) -> tuple[str, ...]:
        return (*(step.url for step in self.steps), self.url)

    def _list_texts(self) -> tuple[str, ...]:
        """List the texts of the last request that may hold values from earlier ones."""
        fields = (*self.query.values(), *self.headers.values(), *self.form.values())
        return (*fields, self.body or "", self.bearer or "")

    def _refuse_what_no_answer_has(self) -> None:
        """Refuse expectations that no answer can meet: such a check would always be down."""
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
    own = (options.client_cert, options.client_key)
    texts = (*options.query.values(), *options.headers.values(), *options.form.values(), options.body)
    of_steps = (use for step in options.steps for use in step.secret_uses())
    return (*of_steps, *find_secret_uses(subject(options), *texts, *sign_in, options.bearer, *own))


def probe(options: Options, context: Context) -> ProbeResult:
    """Make the requests of the steps and the last one, follow their redirects, read its answer and check it."""
    return attempt(context, lambda: _check_answer(options, context), degraded_above=options.degraded_above)


def _check_answer(options: Options, context: Context) -> None:
    from requests.cookies import RequestsCookieJar

    from checks.network.http_client import fetch

    cookies = RequestsCookieJar()
    values, context = walk(options.steps, partial(_build_step, options), context, cookies)
    answer = fetch(_build_request(options)._replace(values=values), context, cookies)
    if options.steps:
        context = hide([cookie.value or "" for cookie in cookies], context)
    check_status(answer.status, options)
    _check_content(answer, options, context)
    if options.json:
        _check_values(answer, options, context)


def _build_step(options: Options, step: Step) -> "Request":
    """Build the request of a step; what a step cannot set is as in the last request."""
    return _build_request(options)._replace(
        url=step.url,
        method=step.method,
        query=step.query,
        headers=step.headers,
        form=step.form,
        body=step.body,
        basic=None,
        bearer=None,
        follow_redirects=True,
    )


def _build_own_certificate(options: Options) -> "OwnCertificate | None":
    from checks.network.tls_context import OwnCertificate

    if options.client_cert is None or options.client_key is None:
        return None
    return OwnCertificate(subject(options), options.client_cert, options.client_key)


def _build_request(options: Options) -> "Request":
    from checks.network.http_request import Request

    return Request(
        url=options.url,
        method=options.method,
        query=options.query,
        headers=options.headers,
        body=options.body,
        form=options.form,
        certificate=_build_own_certificate(options),
        basic=(options.basic.username, options.basic.password) if options.basic else None,
        bearer=options.bearer,
        follow_redirects=options.follow_redirects,
        verify=options.verify,
        ca=options.ca or "",
        ip=options.ip,
        max_body=options.max_body,
    )


def check_status(status: int, options: Options) -> None:
    """Compare a status with those that are accepted.

    Raises:
        Trouble: it is none of them.

    """
    if not any(first <= status <= last for first, last in options.status):
        raise Trouble("status", str(status))


def _check_content(answer: "HttpAnswer", options: Options, context: Context) -> None:
    if options.absent is None and options.contains is None:
        return
    text = _normalize_accents(answer.text)
    if options.absent is not None and _normalize_accents(options.absent) in text:
        raise Trouble("content", f"{context.quote(options.absent)} present")
    if options.contains is not None and _normalize_accents(options.contains) not in text:
        where = f" in the first {options.max_body} bytes" if answer.cut else ""
        raise Trouble("content", f"{context.quote(options.contains)} missing{where}")


def _normalize_accents(text: str) -> str:
    """Write accents in one form (NFC), so that texts which look the same compare equal."""
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
            quoted = context.quote(json_path.format_value(value))
            raise Trouble("value", f"{context.quote(path)} is {quoted}")
