"""Texts, names, numbers and secrets: their parsers, and the types of fields that are read by them."""

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated

from constat.config.fields.marks import SCALAR, Reads, matching, wrong
from constat.text.published import find_unfit_character

_SECRET = re.compile(r"\$\{([^}]*)\}")


def parse_plain_text(value: object) -> str:
    """Any text, as it is written; secrets are not allowed in it."""
    text = scalar(value)
    if _SECRET.search(text):
        raise wrong("a secret is not allowed here", "secrets are filled in only where an option accepts one")
    return text


def parse_matching(value: object, pattern: str, what: str, hint: str) -> str:
    """Text that matches a pattern as a whole; otherwise it is not `what` it should be, and the hint says what to write."""
    text = parse_plain_text(value)
    if not re.fullmatch(pattern, text):
        raise wrong(f"{text!r} is not {what}", hint)
    return text


def parse_filled_text(value: object) -> str:
    """Text that is not empty, without control characters or ones that change the direction of what follows."""
    text = parse_plain_text(value).strip()
    if not text:
        raise wrong("empty", "write a text, or leave the key out")
    if unfit := find_unfit_character(text):
        raise wrong(f"a control or direction character (U+{ord(unfit):04X})", "retype the text without it")
    return text


def parse_secret_text(value: object, secrets: Collection[str]) -> str:
    """Text that may contain declared secrets as `${CONSTAT_NAME}`, which are filled in only when they are sent."""
    text = scalar(value)
    for name in find_secret_names(text):
        if not name.startswith("CONSTAT_"):
            raise wrong(
                f"the secret {name} does not begin with CONSTAT_", f"call it CONSTAT_{name.strip('_')}"
            )
        if name not in secrets:
            raise wrong(
                f"the secret {name} is not declared", f"add under secrets: {name}: [the host it may go to]"
            )
    return text


def parse_variable(value: object, secrets: Collection[str]) -> str:
    """The name of an environment variable; one that is a secret must be declared."""
    hint = "write letters, digits and _: PGHOST"
    text = parse_matching(value, r"[A-Za-z_][A-Za-z0-9_]{0,63}", "a valid variable name", hint)
    if text.startswith("CONSTAT_"):
        parse_secret_text(f"${{{text}}}", secrets)
    return text


def find_secret_names(text: str) -> tuple[str, ...]:
    """List the names that a text refers to as `${NAME}`, in their order."""
    return tuple(_SECRET.findall(text))


def fill_secrets(text: str, look_up: Callable[[str], str]) -> str:
    """Replace every `${NAME}` in a text with what is looked up for the name."""
    return _SECRET.sub(lambda match: look_up(match[1]), text)


def parse_secret_name(value: object) -> str:
    """The name of a secret: an environment variable that may be sent."""
    hint = "begin it with CONSTAT_, in capitals: CONSTAT_SMTP_PASSWORD"
    return parse_matching(value, r"CONSTAT_[A-Z0-9_]{1,60}", "a valid secret name", hint)


def parse_year(value: object) -> str:
    """A year from 1000 to 2999."""
    return parse_matching(value, r"[12][0-9]{3}", "a year", "write a year such as 2025")


def parse_name(value: object) -> str:
    """A permanent name, as used in URLs and in the evidence."""
    hint = "use lower-case letters, digits and hyphens, at most 64 characters"
    return parse_matching(value, r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?", "a valid name", hint)


def parse_colour(value: object) -> str:
    """A colour as `#0b57a4`."""
    hint = 'write it as "#0b57a4", in quotes: a # begins a comment'
    return parse_matching(parse_plain_text(value).lower(), r"#[0-9a-f]{6}", "a valid colour", hint)


def parse_picture_name(value: object) -> str:
    """The file name of a picture in the project's templates/."""
    hint = "name an .svg or .png file in templates/: logo.svg"
    pattern = r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.(svg|png)"
    return parse_matching(value, pattern, "a valid file name of a picture", hint)


def parse_certificate_file(value: object) -> str:
    """The file of certificates in PEM, below the project."""
    hint = "name a .pem file of the project: certificates/authority.pem"
    pattern = r"([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\.(pem|crt)"
    return parse_matching(value, pattern, "a valid name of a file of certificates", hint)


def parse_flag(value: object) -> bool:
    """`true` or `false`; `yes` and `no` are accepted."""
    text = parse_plain_text(value).lower()
    if text not in ("true", "yes", "false", "no"):
        raise wrong(f"{text!r} is neither true nor false", "write true or false")
    return text in ("true", "yes")


def parse_whole_number(least: int, most: int) -> Callable[[object], int]:
    """Make a parser of whole numbers; both bounds are included."""

    def parse(value: object) -> int:
        text = parse_plain_text(value)
        if not re.fullmatch(r"[0-9]{1,12}", text) or not least <= int(text) <= most:
            raise wrong(f"{text!r} is not a whole number from {least} to {most}", "write only digits")
        return int(text)

    return parse


def parse_percentage(value: object) -> Decimal:
    """A percentage above 0 and at most 100, as written."""
    text = parse_plain_text(value).removesuffix("%").strip()
    try:
        number = Decimal(text) if re.fullmatch(r"[0-9.]{1,12}", text) else Decimal(0)
    except InvalidOperation:
        number = Decimal(0)
    if not 0 < number <= 100:  # noqa: PLR2004 - a hundred percent
        raise wrong(
            f"{text!r} is not a valid percentage", "write a number above 0 and at most 100, such as 99.9"
        )
    return number


_SIZES = {"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20}


def parse_size(value: object) -> int:
    """An amount of data in bytes: `64KiB`, `1MiB`, at most 64 MiB."""
    text = parse_plain_text(value)
    match = re.fullmatch(r"([1-9][0-9]{0,8}) ?(B|KiB|MiB)?", text)
    amount = int(match[1]) * _SIZES[match[2] or ""] if match else 0
    if not 0 < amount <= 64 << 20:
        raise wrong(
            f"{text!r} is not a valid size", "write a number and a unit, at most 64MiB: 64KiB or 1MiB"
        )
    return amount


def parse_language(value: object) -> str:
    """A language tag: `fr`, `pt-br`."""
    text, hint = parse_plain_text(value).lower(), "write fr, en or de, for example"
    return parse_matching(text, r"[a-z]{2,3}(-[a-z0-9]{2,8})?", "a valid language code", hint)


def parse_local_text(value: object) -> Mapping[str, str]:
    """One text for every language (key `""`), or a text by language."""
    if isinstance(value, dict):
        if not value:
            raise wrong("no text in any language", "write {fr: ..., en: ...}, or one text for all")
        return {parse_language(code): parse_filled_text(text) for code, text in value.items()}
    return {"": parse_filled_text(value)}


def parse_secret_table(value: object, secrets: Collection[str]) -> Mapping[str, str]:
    """Names and texts, such as HTTP headers; the texts may contain secrets."""
    if not isinstance(value, dict):
        raise wrong("not a table of names and texts", "write {Accept: application/json}")
    return {parse_plain_text(key): parse_secret_text(text, secrets) for key, text in value.items()}


def scalar(value: object) -> str:
    """The text of a scalar; a list or a table is refused."""
    if not isinstance(value, str):
        kind = "list" if isinstance(value, list) else "table of keys"
        raise wrong(f"a {kind}, not a single value", "write one value")
    return value


Text = Annotated[str, Reads(parse_filled_text, SCALAR)]
"""Text that is not empty."""
SecretText = Annotated[str, Reads(parse_secret_text, SCALAR, secrets=True)]
"""Text that may contain `${CONSTAT_NAME}`; the options keep it unfilled."""
SecretTable = Annotated[
    Mapping[str, str],
    Reads(parse_secret_table, {"type": "object", "additionalProperties": SCALAR}, secrets=True),
]
"""Names and texts (HTTP headers, say) that may contain secrets."""
Variable = Annotated[str, Reads(parse_variable, matching("^[A-Za-z_][A-Za-z0-9_]*$", "PGHOST"), secrets=True)]
"""The name of an environment variable."""
Name = Annotated[
    str,
    Reads(parse_name, matching("^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$", "smtp")),
]
"""A permanent name of lower-case letters, digits and hyphens."""
Colour = Annotated[str, Reads(parse_colour, matching("^#[0-9A-Fa-f]{6}$", "#0b57a4"))]
"""A colour: `"#0b57a4"`."""
Picture = Annotated[
    str,
    Reads(parse_picture_name, matching("^[A-Za-z0-9_.-]+\\.(svg|png)$", "logo.svg")),
]
"""A picture in the project's templates/: `logo.svg`."""
CertificateFile = Annotated[
    str,
    Reads(
        parse_certificate_file,
        matching(
            "^([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\\.(pem|crt)$", "authority.pem"
        ),
    ),
]
"""A file of certificates in PEM, below the project: `certificates/authority.pem`."""
Flag = Annotated[
    bool,
    Reads(parse_flag, {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]}),
]
"""`true` or `false`."""
Count = Annotated[
    int,
    Reads(parse_whole_number(1, 1000), {"type": "integer", "minimum": 1, "maximum": 1000}),
]
"""A whole number from 1 to 1000."""
SecretName = Annotated[
    str,
    Reads(parse_secret_name, matching("^CONSTAT_[A-Z0-9_]+$", "CONSTAT_SMTP_PASSWORD")),
]
"""The name of an environment variable that checks may send."""
Year = Annotated[str, Reads(parse_year, matching("^[12][0-9]{3}$", "2025"))]
"""A year from 1000 to 2999."""
Bits = Annotated[
    int,
    Reads(parse_whole_number(1024, 16_384), {"type": "integer", "minimum": 1024, "maximum": 16_384}),
]
"""The length of an RSA key."""
Port = Annotated[
    int,
    Reads(parse_whole_number(1, 65_535), {"type": "integer", "minimum": 1, "maximum": 65_535}),
]
"""A TCP or UDP port."""
Percentage = Annotated[
    Decimal,
    Reads(
        parse_percentage,
        {"type": ["number", "string"], "exclusiveMinimum": 0, "maximum": 100, "examples": [99.9]},
    ),
]
"""A percentage above 0, at most 100."""
Size = Annotated[int, Reads(parse_size, {"type": ["string", "integer"], "examples": ["1MiB"]})]
"""Bytes: `64KiB`, `1MiB`."""
Language = Annotated[str, Reads(parse_language, matching("^[a-z]{2,3}(-[a-z0-9]+)?$", "fr"))]
"""A language code."""
LocalText = Annotated[
    Mapping[str, str],
    Reads(
        parse_local_text,
        {"anyOf": [SCALAR, {"type": "object", "additionalProperties": SCALAR, "minProperties": 1}]},
    ),
]
"""A text by language; key `""` stands for every language."""
