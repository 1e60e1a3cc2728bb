"""The steps before the last request of a probe: what each sends, what the answer must be, and what is taken from it.

Text is taken from a page between two literal texts, not by a regular expression: a page made for
the purpose can keep an expression busy for hours, which no deadline would end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Literal

from checks.network.taken_values import VALUE
from checks.probing import Context, naming
from checks.reasons import Trouble
from checks.records import json_path
from checks.secrets import find_secret_uses
from constat.config.fields import Headers, SecretTable, SecretText, StatusRanges, Text, Url, about, wrong
from constat.config.fields.network_fields import is_header_text
from constat.model.kinds import SecretUse
from constat.text.host_names import read_url_host

if TYPE_CHECKING:
    from requests.cookies import RequestsCookieJar

    from checks.network.http_client import HttpAnswer
    from checks.network.http_request import Request

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
WITH_FORM = ("POST", "PUT", "PATCH")
LEAST_SECRET = 8
"""A shorter value or cookie is not redacted: it would be found in every second word of a reason."""
_LONGEST_VALUE = 8192


@dataclass(frozen=True, slots=True)
class Take:
    """Where to find a value in an answer."""

    json: Annotated[Text | None, about("its path in a JSON answer: csrf.token")] = None
    after: Annotated[Text | None, about("the text right before it")] = None
    until: Annotated[Text, about("the text right after it; by default a quotation mark")] = '"'

    def __post_init__(self) -> None:
        """Refuse options that do not say where the value is, or say it twice.

        Raises:
            ValueError: they are such options.

        """
        if (self.json is None) == (self.after is None):
            raise wrong("a value is taken in one way", "write either json or after")

    def find(self, answer: "HttpAnswer") -> str:
        """Find the value.

        Raises:
            LookupError: it is not there.
            Trouble: the answer is not JSON.

        """
        if self.json is not None:
            document = json_path.parse_json(answer.body, lambda: answer.text)
            return json_path.format_value(json_path.find_value(document, self.json))
        _, found, rest = answer.text.partition(self.after or "")
        value, ended, _ = rest.partition(self.until)
        if not found or not ended:
            raise LookupError
        return value


@dataclass(frozen=True, slots=True)
class Step:
    """One request before the last one."""

    url: Annotated[Url, about("the address to request")]
    method: Annotated[Method, about("the method of the request")] = "GET"
    query: Annotated[SecretTable, about("parameters added to the address; may hold secrets")] = field(
        default_factory=dict
    )
    headers: Annotated[Headers, about("headers of the request; may hold secrets")] = field(
        default_factory=dict
    )
    form: Annotated[SecretTable, about("fields of a form to send; may hold secrets")] = field(
        default_factory=dict
    )
    body: Annotated[SecretText | None, about("the body of the request; may hold secrets")] = None
    status: Annotated[StatusRanges, about("the accepted statuses, redirects followed")] = ((200, 299),)
    contains: Annotated[Text | None, about("text that the answer must contain")] = None
    take: Annotated[
        Mapping[str, Take], about("values to take from the answer, by name: later requests may use {{name}}")
    ] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a form that its method cannot send.

        Raises:
            ValueError: it cannot.

        """
        check_form(self.method, self.form, self.body)

    def secret_uses(self) -> tuple[SecretUse, ...]:
        """List everything secret in the request, which goes to its own host."""
        return find_secret_uses(read_url_host(self.url), *self.list_texts())

    def list_texts(self) -> tuple[str, ...]:
        """List the texts that may hold secrets, and values from earlier steps."""
        return (*self.query.values(), *self.headers.values(), *self.form.values(), self.body or "")


def check_form(method: str, form: Mapping[str, str], body: str | None) -> None:
    """Refuse a form that cannot be sent.

    Raises:
        ValueError: it cannot.

    """
    if form and method not in WITH_FORM:
        raise wrong(f"{method} sends no form", "write method: POST")
    if form and body is not None:
        raise wrong("both form and body", "write one of them")


def check_names(steps: Sequence[Step], last: Sequence[str]) -> None:
    """Refuse a request that uses a value which no earlier step takes, and an invalid name for a value.

    Raises:
        ValueError: it does.

    """
    known: set[str] = set()
    for texts, taken in (*((step.list_texts(), step.take) for step in steps), (last, {})):
        unknown = next((name for text in texts for name in VALUE.findall(text) if name not in known), None)
        if unknown is not None:
            raise wrong(
                f"no earlier step takes {{{{{unknown}}}}}", f"write take: {{{unknown}: {{json: ...}}}}"
            )
        odd = next((name for name in taken if not VALUE.fullmatch(f"{{{{{name}}}}}")), None)
        if odd is not None:
            raise wrong(f"{odd!r} is not a name for a value", "write lower-case letters, digits and _")
        known.update(taken)


def walk(
    steps: Sequence[Step],
    build: Callable[[Step], "Request"],
    context: Context,
    cookies: "RequestsCookieJar",
) -> tuple[Mapping[str, str], Context]:
    """Make the requests of the steps in turn; return the values taken, and a context that treats them as secrets.

    Raises:
        Trouble: an answer is not as it must be; the reason names the step.

    """
    values: dict[str, str] = {}
    for number, step in enumerate(steps, start=1):
        with naming(f"in step {number}", context):
            request = build(step)._replace(values=dict(values))
            context = _make_step(step, request, values, context, cookies)
        context.note(f"step {number}", " ".join(step.take))
    return values, context


def _make_step(
    step: Step, request: "Request", values: dict[str, str], context: Context, cookies: "RequestsCookieJar"
) -> Context:
    from checks.network.http_client import fetch

    answer = fetch(request, context, cookies)
    if not any(first <= answer.status <= last for first, last in step.status):
        raise Trouble("status", str(answer.status))
    if step.contains is not None and step.contains not in answer.text:
        raise Trouble("content", f"{context.quote(step.contains)} missing")
    for name, where in step.take.items():
        values[name] = _take(name, where, answer)
    return hide([*values.values(), *(cookie.value or "" for cookie in cookies)], context)


def _take(name: str, where: Take, answer: "HttpAnswer") -> str:
    try:
        value = where.find(answer)
    except LookupError as error:
        raise Trouble("value", f"no {name} in the answer") from error
    if not is_header_text(value) or len(value) > _LONGEST_VALUE:
        raise Trouble("value", f"{name} is more than a line of Latin letters")
    return value


def hide(values: Sequence[str], context: Context) -> Context:
    """Build a context that treats these values as secrets too: they may suffice to act as our account."""
    secrets = context.secrets
    for value in values:
        if len(value) >= LEAST_SECRET and value not in secrets.values.values():
            secrets = secrets.learn(value)
    return replace(context, secrets=secrets)
