"""The wordings of mail findings in every language match the reasons that the kinds really give."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from checks.registry import KINDS
from constat.i18n import Language, load
from constat.posts.mail_findings import EXPECTED, Sight, describe_finding
from constat.posts.mail_phrases import ANY_KIND, PHRASES, Phrase
from constat.render.kind_words import KIND_WORDS
from constat.text.reason_cells import decode_reason, encode_reason
from tests.checks.kinds import (
    test_bimi,
    test_blocklist,
    test_dane,
    test_dkim,
    test_dmarc,
    test_mtasts,
    test_mx,
    test_spf,
    test_tlsrpt,
)
from tests.support import message_catalogs
from tests.support.source_tree import ROOT

SUBJECTS = {"dkim": "s1._domainkey.maxony.example", "blocklist": ""}
FILES = {
    f"translations/{path.name}": path.read_bytes() for path in (ROOT / "templates/translations").glob("*.po")
}
RARE = {
    "spf": ("record SPF has redirect twice",),
    "dmarc": ("record DMARC policy is none",),
}
"""Reasons that stand in no table of the tests of their kind."""


def _said(kind: str) -> Iterator[str]:
    """Every reason that the tests of a kind expect from a real server."""
    yield from RARE.get(kind, ())
    told: dict[str, list[str]] = {
        "mail": ["degraded spam in Junk"],
        "mx": [case[-1] for case in test_mx.CASES],
        "spf": [case[-1] for case in test_spf.CASES],
        "dkim": [
            *(case[-1] for case in (*test_dkim.KEYS, *test_dkim.PLACES)),
            "down record DKIM key has 768 bits",
        ],
        "dmarc": [case[-1] for case in test_dmarc.CASES],
        "mtasts": [
            *(case[-1] for case in test_mtasts.RECORDS),
            *(case[-1] for case in test_mtasts.POLICIES),
            *(expected for _, expected in test_mtasts.HOSTS),
            *(f"down tls MX 'relay.example': {expected}" for _, expected in test_mtasts.OF_HOSTS),
            test_mtasts.NO_ENCRYPTION,
        ],
        "dane": [
            *(expected for _, expected in (*test_dane.CASES, *test_dane.UNSIGNED, *test_dane.OF_AUTHORITY)),
            *(test_dane.NO_DELEGATION, test_dane.NO_ENCRYPTION),
        ],
        "tlsrpt": [case[-1] for case in test_tlsrpt.CASES],
        "bimi": [case[-1] for case in test_bimi.CASES],
        "blocklist": [case[-1] for case in test_blocklist.CASES],
    }
    yield from (
        line.partition(" ")[2] for line in told[kind] if line != "up" and not line.startswith("unknown")
    )


REASONS = [(kind, reason) for kind in PHRASES for reason in sorted(set(_said(kind)))]


def _language(code: str) -> Language:
    return Language(code, load(code, FILES), ZoneInfo("UTC"), 1_795_508_000)


def _match(kind: str, reason: str) -> Phrase | None:
    return next((phrase for phrase in PHRASES[kind] if phrase.pattern.match(reason)), None)


@pytest.mark.parametrize(("kind", "reason"), REASONS)
def test_each_record_reason_has_its_own_wording(kind: str, reason: str) -> None:
    if reason.split(maxsplit=1)[0] in ("record", "listed", "value", "spam"):
        assert _match(kind, reason), f"write a row for {reason!r} into constat/posts/mail_phrases/"


def test_every_wording_belongs_to_a_reason() -> None:
    matched = [_match(kind, reason) for kind, reason in REASONS]
    unused = [phrase.pattern.pattern for rows in PHRASES.values() for phrase in rows if phrase not in matched]
    assert unused == []


@pytest.mark.parametrize("code", message_catalogs.list_languages())
def test_every_finding_is_translated(code: str) -> None:
    """No value is missing, no raw reason is left, and both sentences are whole."""
    language = _language(code)
    others = [
        ("tls", f"{word} 42") for word in ("timeout", "dns", "tls", "slow", "status", "crash", "never-heard")
    ]
    for kind, reason in [*REASONS, *others, ("tls", "tls certificate ends in 3 days")]:
        sight = Sight(kind, SUBJECTS.get(kind, "maxony.example"))
        for sentence in describe_finding(sight, encode_reason(reason), language):
            assert "%(" not in sentence
            assert reason not in sentence


def test_domain_text_is_escaped_and_not_a_placeholder() -> None:
    reason = encode_reason("record SPF has an unknown term '<b>%(n)s, \"x\"'")
    found = describe_finding(Sight("spf", "maxony.example"), reason, _language("en")).found
    assert "&lt;b&gt;%(n)s, &#34;x&#34;" in found


def test_dkim_key_is_attributed_to_its_signing_domain() -> None:
    sight = Sight("dkim", "s1._domainkey.news.maxony.example")
    assert (sight.domain, sight.selector) == ("news.maxony.example", "s1")
    reason = "record no DKIM key"
    assert (
        "for the selector s1, at s1._domainkey.news.maxony.example"
        in describe_finding(sight, reason, _language("en")).change
    )
    assert Sight("spf", "maxony.example") == Sight("spf", "maxony.example")
    assert (Sight("blocklist", "").domain, Sight("mail", "smtp.maxony.example").selector) == ("", "")


def test_every_kind_that_is_shown_under_deliverability_says_what_it_expects() -> None:
    shown = {kind for kind, words in KIND_WORDS.items() if words.deliverability}
    assert shown <= set(EXPECTED)
    assert set(EXPECTED) <= set(KINDS)
    assert ANY_KIND[-1].pattern.match(decode_reason(""))
