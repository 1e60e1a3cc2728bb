"""The registry of the kinds of check."""

import subprocess
import sys

import pytest

from checks.registry import load_kind

HEAVY = (
    "pydantic_core",
    "ssl",
    "requests",
    "dns",
    "smtplib",
    "imaplib",
    "smpplib",
    "h2",
    "checkdmarc",
    "cryptography",
)


def test_an_unknown_kind_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_kind("telepathy")


def test_reading_all_options_loads_no_network_library() -> None:
    """A build and a validation pay for none of them."""
    program = (
        "import sys; from checks.registry import KINDS, load_kind; [load_kind(name) for name in KINDS];"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 (our own program)
    assert told.stdout.strip() == "[]"
