"""A secret is removed in every spelling in which a page may echo it, and a text without one is left alone."""

import base64
import json
import time
from collections.abc import Callable
from html import escape
from html.entities import codepoint2name
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.redaction import PART, REDACTED, Redactor

SECRETS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_categories=["C", "Z"]),
    min_size=12,
    max_size=40,
).filter(lambda text: "://" not in text)
"""Without addresses, whose host is no secret: Hypothesis also draws the strings of our own code, such as https://github.com."""
NOISE = st.text(st.sampled_from(" .:;{}=<>\n"), max_size=6)


def _named(text: str) -> str:
    return "".join(f"&{codepoint2name[ord(c)]};" if ord(c) in codepoint2name else c for c in text)


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "HTML": escape,
    "HTML twice": lambda text: escape(escape(text)),
    "HTML by name": _named,
    "HTML decimal": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "HTML decimal with zeros": lambda text: "".join(f"&#{ord(c):07};" for c in text),
    "HTML hex": lambda text: "".join(f"&#x{ord(c):X};" for c in text),
    "JSON": _json,
    "JSON twice": lambda text: _json(_json(text)),
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON all escaped": lambda text: "".join(f"\\u{ord(c):04X}" for c in text),
    "URL": lambda text: quote(text, safe=""),
    "URL twice": lambda text: quote(quote(text, safe=""), safe=""),
    "URL all escaped": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "URL in Latin-1": lambda text: quote(text.encode("latin-1", "ignore"), safe=""),
    "form": quote_plus,
    "URL in HTML": lambda text: escape(quote(text)),
    "HTML in a URL": lambda text: quote(escape(text), safe=""),
    "hex": lambda text: text.encode().hex(),
    "hex with colons": lambda text: text.encode().hex(":").upper(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 after one byte": lambda text: base64.b64encode(b"u" + text.encode()).decode(),
    "base64 after two": lambda text: base64.b64encode(b"u:" + text.encode() + b":x").decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(b"u:" + text.encode()).decode(),
    "base64 in a URL": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    "reversed": lambda text: text[::-1],
    "reversed in HTML": lambda text: escape(text[::-1]),
    "spaced": " ".join,
    "with a line for each letter": "\n".join,
    "in capitals": lambda text: "".join(
        c.upper() if len(c.upper()) == 1 and c.upper().casefold() == c.casefold() else c for c in text
    ),
    "Python": lambda text: repr(text)[1:-1],
    "Python in bytes": lambda text: "".join(f"\\x{ord(c):02x}" if ord(c) < 256 else c for c in text),
}


@pytest.mark.parametrize("name", SPELLINGS)
@given(secret=SECRETS, before=NOISE, after=NOISE)
def test_secret_is_removed_in_every_spelling(name: str, secret: str, before: str, after: str) -> None:
    """Nothing of it is left but, in base64, the letters that its neighbours have a part in."""
    if name == "URL in Latin-1" and not all(ord(letter) < 256 for letter in secret):
        return
    spelt = SPELLINGS[name](secret)
    told = Redactor([secret]).redact(f"{before}{spelt}{after}")
    assert REDACTED in told
    left = told.replace(REDACTED, "").removeprefix(before).removesuffix(after)
    assert len(left) <= (12 if "base64" in name else 0)


@given(secret=SECRETS, data=st.data())
def test_a_part_of_a_secret_is_removed(secret: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(secret) - PART))
    end = data.draw(st.integers(start + PART, len(secret)))
    spell = data.draw(
        st.sampled_from([SPELLINGS[name] for name in ("as it is", "HTML", "URL", "JSON", "reversed")])
    )
    told = Redactor([secret]).redact(f" {spell(secret[start:end])} ")
    assert told == f" {REDACTED} "


@given(secret=SECRETS, length=st.integers(4, 40))
def test_truncated_secret_is_removed(secret: str, length: int) -> None:
    assert Redactor([secret]).redact(f"say {secret[:length]}") == f"say {REDACTED}"


@given(st.text())
def test_unrelated_text_is_unchanged(text: str) -> None:
    assert Redactor(["\u4e00" * 12]).redact(text) == text.replace("\u4e00" * 8, REDACTED)


@pytest.mark.parametrize("secret", ["1", "pin", "1234", "hunter2"])
def test_a_short_secret_is_removed_as_a_whole(secret: str) -> None:
    assert Redactor([secret]).redact(f"({secret})") == f"({REDACTED})"
    assert Redactor(["hunter2"]).redact("hunter hunts 3") == "hunter hunts 3"


def test_hosts_and_schemes_are_not_redacted() -> None:
    redactor = Redactor(["https://hooks.chat.example/T0123456789/secret"], ["hooks.chat.example"])
    assert redactor.redact("https://hooks.chat.example refused") == "https://hooks.chat.example refused"
    assert "0123456789" not in redactor.redact("https://hooks.chat.example/T0123456789")
    assert redactor.redact("https://www.maxony.com/") == "https://www.maxony.com/"
    assert (
        Redactor(["json://user:pass@hooks.example/x"]).redact("not for hooks.example")
        == "not for hooks.example"
    )
    assert Redactor(["tgram://123456789:token/7"]).redact("to 123456789:token") == f"to {REDACTED}"


def test_adjacent_secrets_are_all_removed() -> None:
    assert Redactor(["first-secret", "second-secret"]).redact("first-secretsecond-secret!") == f"{REDACTED}!"


def test_case_folding_does_not_shift_the_redaction() -> None:
    """Some capitals become two letters in lower case, which must not shift the text after them."""
    assert (
        Redactor(["s3cret-pass"]).redact("\u0130\u0130 S3CRET-PASS \u0130")
        == f"\u0130\u0130 {REDACTED} \u0130"
    )


def test_redaction_is_fast() -> None:
    """Bound: a hundred reasons of 200 characters and twenty secrets in a second, ten times what it takes."""
    redactor = Redactor([f"s3cret-{number}/Pass&word={number * 7919}" for number in range(20)])
    reason = "value 'status.credit' is 'the quick brown fox' &amp; %20 " * 4
    begin = time.process_time()
    for _ in range(100):
        redactor.redact(reason[:200])
    assert time.process_time() - begin < 1
