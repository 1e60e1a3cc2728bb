"""The types of the fields that people write: each parses text, and says what is wrong with it and what to write instead.

A kind of check builds its `Options` on them::

    @dataclass(frozen=True, slots=True)
    class Options:
        host: Annotated[Host, about("the server's name or address")]
        port: Annotated[Port, about("the TCP port")]
        warn: Annotated[Duration, about("degraded when the certificate ends sooner")] = 14 * 86_400

Every scalar of `status.yml` arrives as text, so a parser here takes `object`, refuses what is not text, and returns
the value. Fields without a default are required; defaults are values, not text. `Literal["a", "b"]`, `tuple[X, ...]`,
`Mapping[str, X]`, `X | None = None` and nested frozen dataclasses work as usual. So does everything else that pydantic
can read, but then pydantic is loaded at every start.
"""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

from constat.config import network, parsing, times
from constat.config.marks import About, JsonSchema, Reads

_SCALAR: JsonSchema = {"type": ["string", "number", "boolean"]}


def about(description: str) -> object:
    """The description of a key, for the JSON Schema and the editors that read it."""
    return About(description)


def _matching(pattern: str, example: str) -> JsonSchema:
    return {"type": "string", "pattern": pattern, "examples": [example]}


Text = Annotated[str, Reads(parsing.parse_filled_text, _SCALAR)]
"""Text that is not empty."""
SecretText = Annotated[str, Reads(parsing.parse_secret_text, _SCALAR, secrets=True)]
"""Text that may contain `${CONSTAT_NAME}`; the options keep it unfilled."""
SecretTable = Annotated[
    Mapping[str, str],
    Reads(parsing.parse_secret_table, {"type": "object", "additionalProperties": _SCALAR}, secrets=True),
]
"""Names and texts (HTTP headers, say) that may contain secrets."""
Variable = Annotated[
    str, Reads(parsing.parse_variable, _matching("^[A-Za-z_][A-Za-z0-9_]*$", "PGHOST"), secrets=True)
]
"""The name of an environment variable."""
Name = Annotated[
    str,
    Reads(parsing.parse_name, _matching("^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$", "smtp")),
]
"""A permanent name of lower-case letters, digits and hyphens."""
Colour = Annotated[str, Reads(parsing.parse_colour, _matching("^#[0-9A-Fa-f]{6}$", "#0b57a4"))]
"""A colour: `"#0b57a4"`."""
Picture = Annotated[
    str,
    Reads(parsing.parse_file_name, _matching("^[A-Za-z0-9_.-]+\\.(svg|png)$", "logo.svg")),
]
"""A picture in the project's templates/: `logo.svg`."""
Duration = Annotated[int, Reads(times.parse_positive_duration, _matching("^0*[1-9][0-9]*[smhd]$", "5m"))]
"""Seconds, at least one: `90s`, `5m`, `4h`, `14d`."""
DurationOrZero = Annotated[int, Reads(times.parse_duration, _matching("^[0-9]+[smhd]$", "0h"))]
"""Seconds, possibly zero: `0h`."""
Timeout = Annotated[Decimal, Reads(times.parse_timeout, _matching("^[0-9]+(\\.[0-9]+)?(ms|s|m)$", "10s"))]
"""Decimal seconds of a short duration: `10s`, `2.5s`, `800ms`."""
Milliseconds = Annotated[
    int,
    Reads(times.parse_milliseconds, _matching("^[0-9]+(\\.[0-9]+)?(ms|s|m)$", "800ms")),
]
"""Whole milliseconds: `800ms`, `2s`."""
PromisedTime = Annotated[
    tuple[int | None, int | None],
    Reads(times.parse_promised_time, _matching("^[1-9][0-9]*([smhd]|wd)$", "4h")),
]
"""(seconds of opening time, working days): one of them is `None`."""
Flag = Annotated[
    bool,
    Reads(parsing.parse_flag, {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]}),
]
"""`true` or `false`."""
Count = Annotated[
    int,
    Reads(parsing.parse_whole_number(1, 1000), {"type": "integer", "minimum": 1, "maximum": 1000}),
]
"""A whole number from 1 to 1000."""
SecretName = Annotated[
    str,
    Reads(parsing.parse_secret_name, _matching("^CONSTAT_[A-Z0-9_]+$", "CONSTAT_SMTP_PASSWORD")),
]
"""The name of an environment variable that checks may send."""
Bits = Annotated[
    int,
    Reads(parsing.parse_whole_number(1024, 16_384), {"type": "integer", "minimum": 1024, "maximum": 16_384}),
]
"""The length of an RSA key."""
Port = Annotated[
    int,
    Reads(parsing.parse_whole_number(1, 65_535), {"type": "integer", "minimum": 1, "maximum": 65_535}),
]
"""A TCP or UDP port."""
Percentage = Annotated[
    Decimal,
    Reads(
        parsing.parse_percentage,
        {"type": ["number", "string"], "exclusiveMinimum": 0, "maximum": 100, "examples": [99.9]},
    ),
]
"""A percentage above 0, at most 100."""
Host = Annotated[str, Reads(network.parse_host, _matching("^[^\\s/]+$", "www.maxony.example"))]
"""A host name (ASCII form) or an IP address."""
Url = Annotated[str, Reads(network.parse_url, _matching("^https?://", "https://www.maxony.example/"))]
"""An http or https address without a password."""
MailAddress = Annotated[
    str,
    Reads(network.parse_mail_address, _matching("^[^\\s@<>]+@[^\\s@<>]+$", "monitor@maxony.example")),
]
"""A bare mail address."""
NameServer = Annotated[
    str,
    Reads(
        network.parse_name_server,
        {"type": "string", "examples": ["192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]:53"]},
    ),
]
"""The address of a DNS server, always with its port."""
Addresses = Annotated[
    str,
    Reads(network.parse_network, {"type": "string", "examples": ["192.0.2.1", "192.0.2.0/28"]}),
]
"""An IP address, or a range of them."""
PhoneNumber = Annotated[
    str,
    Reads(network.parse_phone_number, _matching("^\\+[0-9 ()./-]+$", "+41 00 000 00 00")),
]
"""A telephone number with its country code."""
OwnName = Annotated[str, Reads(network.parse_own_name, _matching("^\\S+$", "monitor.maxony.example"))]
"""The name that we announce ourselves by in EHLO."""
Canary = Annotated[
    str,
    Reads(network.parse_canary, _matching("^tcp://.+:[0-9]+$", "tcp://example.org:443")),
]
"""`tcp://host:port`."""
_STATUS: JsonSchema = {"type": ["integer", "string"], "examples": [200, "2xx", "200-204"]}
StatusRanges = Annotated[
    tuple[tuple[int, int], ...],
    Reads(network.parse_statuses, {"anyOf": [_STATUS, {"type": "array", "items": _STATUS, "minItems": 1}]}),
]
"""HTTP statuses as ranges, both ends included."""
Size = Annotated[int, Reads(parsing.parse_size, {"type": ["string", "integer"], "examples": ["1MiB"]})]
"""Bytes: `64KiB`, `1MiB`."""
Day = Annotated[date, Reads(times.parse_date, _matching("^\\d{4}-\\d\\d-\\d\\d$", "2026-03-02"))]
"""A date."""
ClockTime = Annotated[time, Reads(times.parse_clock_time, _matching("^\\d\\d:\\d\\d$", "08:00"))]
"""A time of day."""
Zone = Annotated[
    str,
    Reads(times.parse_offset, {"type": "string", "examples": ["Europe/Zurich", "+01:00"]}),
]
"""A named zone or a fixed offset, as text."""
NamedZone = Annotated[
    ZoneInfo,
    Reads(times.parse_named_zone, {"type": "string", "examples": ["Europe/Zurich"]}),
]
"""A zone of the IANA database."""
Language = Annotated[str, Reads(parsing.parse_language, _matching("^[a-z]{2,3}(-[a-z0-9]+)?$", "fr"))]
"""A language code."""
LocalText = Annotated[
    Mapping[str, str],
    Reads(
        parsing.parse_local_text,
        {"anyOf": [_SCALAR, {"type": "object", "additionalProperties": _SCALAR, "minProperties": 1}]},
    ),
]
"""A text by language; key `""` stands for every language."""
_WEEKDAY: JsonSchema = {"type": "string", "examples": ["mon-fri", "sat"]}
Weekdays = Annotated[
    tuple[int, ...],
    Reads(times.parse_weekdays, {"anyOf": [_WEEKDAY, {"type": "array", "items": _WEEKDAY, "minItems": 1}]}),
]
"""Days of the week, sorted, Monday is 0."""
