"""`deliverability`: a customer says that mail arrives as spam, and support looks, with this verb alone."""

import argparse
import json
import socket
import subprocess
from collections.abc import Callable, Iterator

import pytest

from demo.dns_server import DnsServer
from tests.support import message_catalogs
from tests.support.certificates import Certificates
from tests.support.command_line import generate_here
from tests.support.rsa_public import make_public_rsa_key
from tests.support.smtp_server import SmtpServer
from verbs.terminal.mail_report import add_report_arguments

NOW = "2026-11-24T08:13:20Z"


def _key(bits: int) -> str:
    der = make_public_rsa_key(bits)
    return " ".join(f'"{part}"' for part in ("v=DKIM1\\; p=", der[:200], der[200:]))


def _domain(name: str, *lines: str, mx: str = "relay.example") -> str:
    """A domain whose mail is in order, but for what the lines say."""
    names = {line.partition(" ")[0] for line in lines}
    good = {
        name: '"v=spf1 ip4:192.0.2.0/24 -all"',
        f"google._domainkey.{name}": _key(2048),
        f"_dmarc.{name}": f'"v=DMARC1\\; p=reject\\; rua=mailto:reports@{name}"',
    }
    records = [f"{name}. NS ns1.example.", f"{name}. MX 10 {mx}."]
    records += [f"{place}. TXT {text}" for place, text in good.items() if f"{place}." not in names]
    return "\n".join([*records, *lines])


ZONE = "\n".join(
    [
        "relay.example. A 127.0.0.1",
        "1.0.0.127.in-addr.arpa. PTR relay.example.",
        _domain("good.example"),
        _domain(
            "two.example",
            'two.example. TXT "v=spf1 ip4:192.0.2.0/24 -all"',
            'two.example. TXT "v=spf1 include:_spf.relay.example ~all"',
        ),
        _domain(
            "many.example",
            f'many.example. TXT "v=spf1 {" ".join(f"a:h{n}.relay.example" for n in range(11))} -all"',
        ),
        *(f"h{n}.relay.example. A 192.0.2.{n}" for n in range(11)),
        _domain("revoked.example", 'google._domainkey.revoked.example. TXT "v=DKIM1\\; p="'),
        _domain("short.example", f"google._domainkey.short.example. TXT {_key(1024)}"),
        _domain("nokey.example", 'google._domainkey.nokey.example. TXT "hello"'),
        _domain("mild.example", '_dmarc.mild.example. TXT "v=DMARC1\\; p=none"'),
        _domain("alias.example", "in.alias.example. CNAME relay.example.", mx="in.alias.example"),
        _domain("noptr.example", "mail.noptr.example. A 127.0.0.9", mx="mail.noptr.example"),
        _domain("nomx.example", "mail.nomx.example. TXT nothing", mx="mail.nomx.example"),
        _domain("listed.example", "mail.listed.example. A 127.0.0.1", mx="mail.listed.example"),
        _domain(
            "logo.example", 'default._bimi.logo.example. TXT "v=BIMI1\\; l=http://logo.example/logo.svg"'
        ),
        "2.0.0.127.black.list. A 127.0.0.2",
        "25.2.0.192.black.list. A 127.0.0.2",
        "black.list. A 127.0.0.1",
    ]
)

Report = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def report(certificates: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    root = tmp_path_factory.mktemp("nothing")
    with DnsServer(ZONE) as names, SmtpServer(starttls=certificates.good) as relay:
        place = ["--port", str(relay.port), "--list", "black.list", "--ca", certificates.ca]
        project = ("-q", "--root", str(root), "--now", NOW)

        def run(
            domain: str,
            *words: str,
            verb: tuple[str, ...] = ("deliverability",),
            resolver: str = names.address,
        ) -> subprocess.CompletedProcess[str]:
            return generate_here(*project, *verb, domain, "--resolver", resolver, *place, *words)

        yield run
    assert list(root.iterdir()) == [], "nothing is stored"


CASES = [
    ("two.example", "SPF", "There are 2 SPF records at two.example", "Merge them into one"),
    ("many.example", "SPF", "takes more than 10 look-ups", "Take out each include:"),
    (
        "revoked.example",
        "DKIM (google)",
        "google._domainkey.revoked.example is revoked",
        "with a current key",
    ),
    ("short.example", "DKIM (google)", "has 1024 bits", "a key of 2048 bits"),
    ("mild.example", "DMARC", "“none”, and nobody receives the reports", "Add rua=mailto:"),
    ("logo.example", "BIMI", "The BIMI record has a mistake", "v=BIMI1; l=https://logo.example/logo.svg"),
    (
        "alias.example",
        "Mail servers (MX)",
        "names in.alias.example, which is only an alias",
        "the name that the alias",
    ),
]


@pytest.mark.parametrize(("domain", "name", "found", "change"), CASES)
def test_each_common_mistake_is_reported_with_a_remedy(
    report: Report, domain: str, name: str, found: str, change: str
) -> None:
    told = report(domain)
    assert told.returncode == 1, told.stderr
    block = told.stdout[told.stdout.index(f"\n{name}: ") :].splitlines()[1:5]
    assert block[0].endswith(("Needs fixing", "Could be better"))
    assert block[1].startswith("  Found: ")
    assert found in block[1]
    assert block[2].startswith("  Expected: ")
    assert block[3].startswith("  To change: ")
    assert change in block[3]


def test_silent_server_is_reported(report: Report) -> None:
    told = report("noptr.example", "--port", "9")
    assert "Mail servers (MX): Needs fixing" in told.stdout
    assert told.stdout.count("The server does not answer, or breaks off.") == 1, (
        "said once, not of the certificate too"
    )


def test_address_without_reverse_name_is_reported(report: Report) -> None:
    with DnsServer("\n".join(line for line in ZONE.splitlines() if " PTR " not in line)) as nameless:
        told = report("good.example", resolver=nameless.address)
    assert told.returncode == 1
    assert "Mail servers (MX): Could be better" in told.stdout
    assert "The address 127.0.0.1 has no name that leads back to it (reverse DNS)" in told.stdout


def test_mail_host_without_address_is_reported_once(report: Report) -> None:
    told = report("nomx.example")
    assert told.returncode == 1
    assert "1 point to improve." in told.stdout
    assert "The MX record names a server that has no address." in told.stdout
    assert "Could not be checked from here: Blocklists, Certificate of the mail server." in told.stdout


def test_listed_sender_is_reported_if_its_address_is_given(report: Report) -> None:
    told = report("good.example", "--allows", "192.0.2.25")
    assert told.returncode == 1
    assert "192.0.2.25 is on the blocklist black.list" in told.stdout
    assert "In order: Name servers, Mail servers (MX), SPF, DKIM (google), DMARC" in told.stdout


def test_good_domain_is_confirmed_with_next_steps(report: Report) -> None:
    told = report("good.example")
    assert told.returncode == 0
    assert told.stdout.splitlines() == [
        "Mail of good.example, checked on November 24, 2026, 8:13:20\N{NARROW NO-BREAK SPACE}AM UTC",
        "Everything is in order.",
        "",
        "In order: Name servers, Mail servers (MX), SPF, DKIM (google), DMARC, Blocklists, Certificate of the mail server.",
        "Not in use, and not required: MTA-STS, DANE, Reports on TLS (TLSRPT), BIMI.",
        (
            "If mail still arrives as spam, the reason lies in the message or the sender's reputation: send us one as an "
            "attachment, with all its headers."
        ),
    ]


def test_unknown_selector_is_asked_for(report: Report) -> None:
    told = report("nokey.example")
    assert told.returncode == 0
    assert "Could not be checked from here: DKIM." in told.stdout
    assert "it follows s= in the line DKIM-Signature" in told.stdout
    told = report("nokey.example", "--selector", "own")
    assert told.returncode == 1
    assert "There is no DKIM key at own._domainkey.nokey.example" in told.stdout


@pytest.mark.parametrize("code", message_catalogs.list_languages())
def test_report_is_complete_in_every_language(report: Report, code: str) -> None:
    told = report("two.example", "--language", code)
    assert told.returncode == 1
    english = report("two.example").stdout
    shared = set(told.stdout.splitlines()) & set(english.splitlines()) - {""}
    assert (code == "en") == bool(shared)
    for word in ("Found: ", "Expected: ", "To change: ", "Mail of ", "checked on"):
        assert (code == "en") == (word in told.stdout)
    assert "two.example" in told.stdout
    assert "SPF has 2 records" not in told.stdout


def test_json_report_has_summary_and_checks(report: Report) -> None:
    told = json.loads(report("short.example", "--json", "--language", "de").stdout)
    assert (told["domain"], told["at"], told["language"]) == ("short.example", NOW, "de")
    assert told["summary"] == "1 Punkt zu verbessern."
    [weak] = [check for check in told["checks"] if check["in_use"] and check["outcome"] != "up"]
    assert (weak["kind"], weak["selector"], weak["outcome"]) == ("dkim", "google", "degraded")
    assert weak["reason"] == "record DKIM key has 1024 bits"
    assert weak["found"].startswith("Der DKIM-Schlüssel hat 1024 Bit")
    assert weak["steps"]
    assert told["lines"][1] == told["summary"]


def test_older_spelling_gives_the_same_report(report: Report) -> None:
    older = report("two.example", verb=("probe", "domain-health"))
    assert older.stdout == report("two.example").stdout


def test_untranslated_language_is_refused(report: Report) -> None:
    told = report("good.example", "--language", "xx")
    assert told.returncode == 2
    assert "there is no translation into xx" in told.stderr


def test_nonexistent_domain_is_reported(report: Report) -> None:
    told = report("nobody.invalid")
    assert told.returncode == 1
    assert "The name does not exist, or its name servers do not answer." in told.stdout


def test_a_wrong_address_is_refused(report: Report) -> None:
    for wrong in ("192.0.2.300", "192.0.0.0/16"):
        told = report("good.example", "--allows", wrong)
        assert told.returncode == 2
        assert f"--allows {wrong}: " in told.stderr


def test_silent_resolver_leaves_everything_unknown() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver = f"127.0.0.1:{silent.getsockname()[1]}"
        options = ("--json", "--selector", "a", "--list", "bl.example", "--timeout", "300ms")
        done = generate_here("deliverability", "good.example", *options, "--resolver", resolver)
    outcomes = {each["kind"]: each["outcome"] for each in json.loads(done.stdout)["checks"]}
    assert set(outcomes.values()) == {"unknown"}, "a silent resolver is no fault of the domain"
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("a b",), "'a b' is not a valid host"),
        (("good.example", "--port", "99999"), "'99999' is not a whole number from 1 to 65535"),
        (("good.example", "--timeout", "5"), "'5' is not a valid duration"),
    ],
)
def test_invalid_argument_is_explained(
    words: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    add_report_arguments(parser)
    with pytest.raises(SystemExit, match="2"):
        parser.parse_args(words)
    assert complaint in capsys.readouterr().err
