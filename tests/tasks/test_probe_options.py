"""The words of a probe by hand become the options of its kind."""

from typing import Any

import pytest

from checks.kinds import smpp, smtp
from checks.registry import load_kind
from constat.errors import InputError, UsageError
from tasks.probe_options import describe_options, parse_manual_options


@pytest.mark.parametrize(
    ("name", "words", "key", "value"),
    [
        ("dns", ["--domain", "a.example", "--expect", "192.0.2.1"], "expect", ("192.0.2.1",)),
        (
            "dns",
            ["--domain", "a.example", "--expect=1.1.1.1", "--expect", "2.2.2.2"],
            "expect",
            ("1.1.1.1", "2.2.2.2"),
        ),
        ("smtp", ["--host", "a.example", "--starttls"], "starttls", True),
        (
            "smtp",
            ["--host", "a.example", "--sender", "a@b.example", "--expect-sender", "250"],
            "expect_sender",
            ((250, 250),),
        ),
        ("spf", ["--domain", "a.example", "--ends", "-all"], "ends", ("-all",)),
        ("http", ["https://a.example/", "--method", "HEAD"], "url", "https://a.example/"),
        ("tls", ["a.example"], "host", "a.example"),
        ("spf", ["a.example", "--ends", "-all"], "domain", "a.example"),
        ("blocklist", ["192.0.2.1", "--lists", "l.example"], "targets", ("192.0.2.1",)),
    ],
)
def test_words_are_parsed_as_options(name: str, words: list[str], key: str, value: Any) -> None:
    assert getattr(parse_manual_options(name, load_kind(name), words).options, key) == value


def test_a_key_within_a_table_is_written_with_a_dot() -> None:
    words = ["--host=a.example", "--system-id=x", "--submit.to", "+41000000000", "--submit.sender=M"]
    manual = parse_manual_options("smpp", smpp, words)
    assert isinstance(manual.options, smpp.Options)
    assert manual.options.submit is not None
    assert manual.options.submit.to == "+41000000000"


def test_timeout_depends_on_the_kind_and_its_options() -> None:
    account = ["--host=a.example", "--system-id=x"]
    message = ["--submit.to", "+41000000000", "--submit.sender=M"]
    assert parse_manual_options("smpp", smpp, account).timeout_s == 10
    assert parse_manual_options("smpp", smpp, [*account, *message]).timeout_s == 120


def test_a_misspelt_option_is_named() -> None:
    with pytest.raises(InputError, match="unknown key hots"):
        parse_manual_options("smtp", smtp, ["--hots", "a.example"])
    with pytest.raises(UsageError, match=r"'a\.example' is not an option"):
        parse_manual_options("smtp", smtp, ["--host", "b.example", "a.example"])
    with pytest.raises(UsageError, match="--submit has both a value and keys of its own"):
        parse_manual_options("smpp", smpp, ["--submit", "x", "--submit.to", "y"])


def test_every_option_is_described() -> None:
    lines = describe_options("smtp", smtp).splitlines()
    assert lines[0].startswith("options of smtp")
    assert "  --starttls          switch to TLS with STARTTLS" in lines
