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

from constat.config.fields.marks import WrongError, about, wrong
from constat.config.fields.network_fields import (
    Addresses,
    Canary,
    Headers,
    Host,
    MailAddress,
    NameServer,
    OwnName,
    PhoneNumber,
    StatusRanges,
    Url,
    WebSocketUrl,
)
from constat.config.fields.query_fields import LabelName, Selector
from constat.config.fields.text_fields import (
    Bits,
    CertificateFile,
    Colour,
    Count,
    Flag,
    Language,
    LocalText,
    Name,
    Percentage,
    Picture,
    Port,
    SecretName,
    SecretTable,
    SecretText,
    Size,
    Text,
    Variable,
    Year,
)
from constat.config.fields.time_fields import (
    ClockTime,
    Day,
    Duration,
    DurationOrZero,
    MillisecondsByVantage,
    NamedZone,
    OpeningTime,
    PromisedTime,
    Slowness,
    Timeout,
    Weekdays,
    Zone,
)

__all__ = [
    "Addresses",
    "Bits",
    "Canary",
    "CertificateFile",
    "ClockTime",
    "Colour",
    "Count",
    "Day",
    "Duration",
    "DurationOrZero",
    "Flag",
    "Headers",
    "Host",
    "LabelName",
    "Language",
    "LocalText",
    "MailAddress",
    "MillisecondsByVantage",
    "Name",
    "NameServer",
    "NamedZone",
    "OpeningTime",
    "OwnName",
    "Percentage",
    "PhoneNumber",
    "Picture",
    "Port",
    "PromisedTime",
    "SecretName",
    "SecretTable",
    "SecretText",
    "Selector",
    "Size",
    "Slowness",
    "StatusRanges",
    "Text",
    "Timeout",
    "Url",
    "Variable",
    "WebSocketUrl",
    "Weekdays",
    "WrongError",
    "Year",
    "Zone",
    "about",
    "wrong",
]
