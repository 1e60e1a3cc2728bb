"""Secrets: filled in only for declared hosts, recognised in every encoding, never printed."""

import base64
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.reasons import Trouble
from checks.redaction import REDACTED
from checks.secrets import Secrets

PASSWORD = 'hunter2, "x+/é&='
HELD = Secrets.of(
    {"CONSTAT_PASSWORD": ("smtp.maxony.example",), "CONSTAT_UNSET": ("smtp.maxony.example",)},
    {"CONSTAT_PASSWORD": PASSWORD + "\n", "CONSTAT_OTHER": "not declared", "CONSTAT_UNSET": ""},
)


def test_a_declared_secret_is_filled_in_for_its_host_whatever_its_case() -> None:
    assert HELD.fill("user:${CONSTAT_PASSWORD}!", "SMTP.maxony.example") == f"user:{PASSWORD}!"


@pytest.mark.parametrize(
    ("text", "host", "why"),
    [
        (
            "${CONSTAT_PASSWORD}",
            "www.maxony.example",
            "secret CONSTAT_PASSWORD is not declared for this host",
        ),
        ("${CONSTAT_OTHER}", "smtp.maxony.example", "secret CONSTAT_OTHER is not declared for this host"),
        ("${CONSTAT_UNSET}", "smtp.maxony.example", "secret CONSTAT_UNSET is not set"),
    ],
)
def test_undeclared_secret_is_refused_by_name(text: str, host: str, why: str) -> None:
    with pytest.raises(Trouble) as refused:
        HELD.fill(text, host)
    assert refused.value.reason == why


def test_only_constat_names_are_substituted() -> None:
    assert HELD.fill("${HOME} $CONSTAT_PASSWORD", "anywhere.example") == "${HOME} $CONSTAT_PASSWORD"


def test_repr_does_not_show_a_secret() -> None:
    assert "hunter2" not in repr(HELD)


@pytest.mark.parametrize(
    "echo",
    [
        PASSWORD,
        PASSWORD.upper(),
        quote(PASSWORD),
        quote(PASSWORD, safe=""),
        quote_plus(PASSWORD),
        PASSWORD.encode().hex(),
        base64.b64encode(PASSWORD.encode()).decode(),
        base64.urlsafe_b64encode(PASSWORD.encode()).decode(),
        base64.b64encode(b"user:" + PASSWORD.encode()).decode(),
        base64.b64encode(b"\0user\0" + PASSWORD.encode() + b"\0tail").decode(),
    ],
)
def test_secret_is_recognised_in_every_encoding(echo: str) -> None:
    told = HELD.redact(f"535 bad {echo} here")
    assert REDACTED in told
    assert "hunter2" not in told.lower()
    assert len(told) < len(f"535 bad {REDACTED} here") + 20, "at most what stands beside it is left"


def test_truncated_secret_is_recognised() -> None:
    assert HELD.redact("535 bad hunter2, ") == f"535 bad {REDACTED}"
    assert HELD.redact("535 bad hunt") == f"535 bad {REDACTED}"


@given(before=st.binary(max_size=9), secret=st.text(min_size=8, max_size=40), after=st.binary(max_size=9))
def test_secret_is_recognised_at_any_base64_offset(before: bytes, secret: str, after: bytes) -> None:
    encoded = base64.b64encode(before + secret.encode() + after).decode()
    told = Secrets({"CONSTAT_X": secret}, {}).redact(encoded)
    assert REDACTED in told


def test_nothing_is_redacted_without_secrets() -> None:
    assert Secrets().redact("hunter2") == "hunter2"


@pytest.mark.parametrize("host", ["straße.example", "XN--STRAE-OQA.example", "Straße.Example."])
def test_host_is_recognised_in_every_spelling(host: str) -> None:
    known = Secrets({"CONSTAT_X": "value"}, {"CONSTAT_X": ("xn--strae-oqa.example",)})
    assert known.value("CONSTAT_X", host) == "value"
    with pytest.raises(Trouble):
        known.value("CONSTAT_X", "strasse.example")


def test_fetched_secrets_are_redacted_too() -> None:
    known = Secrets({"CONSTAT_X": "given-value-1"}, {"CONSTAT_X": ("a.example",)}).learn("fetched-token-2")
    assert known.redact("given-value-1 fetched-token-2") == "[secret] [secret]"
    assert known.value("CONSTAT_X", "a.example") == "given-value-1"
