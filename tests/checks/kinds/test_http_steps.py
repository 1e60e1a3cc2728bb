"""Several requests in one `http` probe: a real sign-in, what is taken from answers, whose secrets go where; client certificates."""

import ssl
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import trustme

from checks.kinds.http import Options
from checks.probing import ProbeResult
from checks.records.http_steps import Step, Take
from checks.secrets import Secrets
from constat.config.fields import WrongError
from tests.support.configured_probe import look, read_outcome
from tests.support.http_threads import run_http_server
from tests.support.tcp_speakers import Script, hang, reset, send_and_wait, serve_script, trickle

PASSWORD = "pa ss&wörd=1%"
SECRETS = Secrets({"CONSTAT_PASSWORD": PASSWORD}, {"CONSTAT_PASSWORD": ("127.0.0.1",)})
SESSION = "session-0123456789abcdef"
CSRF = "csrf-0123456789abcdef"
TOKEN = "token-0123456789abcdef"


class SignIn(BaseHTTPRequestHandler):
    """An application with a form to sign in, a session in a cookie, and an API with tokens."""

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/login":
                page = f'<input name="csrf" value="{CSRF}">'
                self.answer(200, page, ("Set-Cookie", "visit=first-visit; Path=/"))
            case "/home" if f"session={SESSION}" in self.headers.get("Cookie", ""):
                self.answer(200, f"Sign out, {self.path.partition('?')[2]} {self.headers['Cookie']}")
            case "/me" if self.headers.get("Authorization") == f"Bearer {TOKEN}":
                self.answer(200, f'{{"status": "ok", "by": "{TOKEN}"}}')
            case "/elsewhere":
                self.answer(
                    302,
                    "",
                    ("Location", f"http://localhost:{self.headers['Host'].rpartition(':')[2]}/mirror"),
                )
            case "/mirror":
                self.answer(200, str(dict(self.headers)))
            case _:
                self.answer(403, "who are you?")

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        fields = {name: values[0] for name, values in parse_qs(sent).items()}
        knows = fields.get("password") == PASSWORD
        if self.path == "/token" and knows:
            self.answer(
                200, f'{{"access": [{{"token": "{TOKEN}"}}], "long": "{"x" * 9000}", "lines": "a\\nb"}}'
            )
        elif knows and fields.get("csrf") == CSRF and "visit=first-visit" in self.headers.get("Cookie", ""):
            self.answer(
                303, "", ("Location", "/home"), ("Set-Cookie", f"session={SESSION}; Path=/; HttpOnly")
            )
        else:
            self.answer(403, "no")

    def answer(self, status: int, body: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, text in (*headers, ("Content-Length", str(len(body.encode())))):
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Do not log requests."""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with run_http_server(SignIn) as server:
        yield f"http://127.0.0.1:{server.server_port}"


FORM = {"user": "monitor", "password": "${CONSTAT_PASSWORD}", "csrf": "{{csrf}}"}


def open_form(base: str) -> Step:
    return Step(f"{base}/login", take={"csrf": Take(after='name="csrf" value="')})


def send_form(base: str, **form: str) -> Step:
    return Step(f"{base}/login", method="POST", form={**FORM, **form})


def visit(base: str, path: str, *steps: Step, seconds: float = 5, **options: Any) -> ProbeResult:
    asked = Options(url=f"{base}{path}", steps=steps, unencrypted=True, **options)
    return look("http", seconds, asked, SECRETS)


def test_a_sign_in_with_a_form_keeps_cookies_and_takes_values(base: str) -> None:
    result = visit(base, "/home", open_form(base), send_form(base), contains="Sign out")
    assert read_outcome(result) == ("up", "")
    assert [step.name for step in result.steps if step.name.startswith("step")] == ["step 1", "step 2"]


def test_a_sign_in_that_is_refused_names_its_step(base: str) -> None:
    result = visit(base, "/home", open_form(base), send_form(base, password="wrong"), contains="Sign out")
    assert read_outcome(result) == ("down", "status 403 in step 2")


def test_without_its_steps_the_last_request_is_refused(base: str) -> None:
    assert read_outcome(visit(base, "/home", contains="Sign out")) == ("down", "status 403")


def sign_in_for(base: str, take: Take) -> Step:
    return Step(
        f"{base}/token", method="POST", form={"password": "${CONSTAT_PASSWORD}"}, take={"token": take}
    )


def test_extracted_token_signs_in(base: str) -> None:
    step = sign_in_for(base, Take(json="access.0.token"))
    assert read_outcome(visit(base, "/me", step, bearer="{{token}}", json={"status": "ok"})) == ("up", "")


def test_extracted_value_is_treated_as_secret(base: str) -> None:
    """The application repeats token and cookies, and the reason would quote them."""
    token = visit(
        base, "/me", sign_in_for(base, Take(json="access.0.token")), bearer="{{token}}", json={"by": "x"}
    )
    assert read_outcome(token) == ("down", "value 'by' is '[secret]'")
    page = visit(
        base, "/home", open_form(base), send_form(base), query={"csrf": "{{csrf}}"}, absent="Sign out"
    )
    told_in_full = str(page) + str(token)
    assert not [secret for secret in (SESSION, CSRF, TOKEN, PASSWORD) if secret in told_in_full]


TAKEN: dict[str, tuple[Take, str]] = {
    "a path to nothing": (Take(json="access.5.token"), "value no token in the answer in step 1"),
    "a text that is not there": (Take(after="<token>"), "value no token in the answer in step 1"),
    "a text without its end": (Take(after='"access"', until="<"), "value no token in the answer in step 1"),
    "a flood": (Take(json="long"), "value token is more than a line of Latin letters in step 1"),
    "two lines": (Take(json="lines"), "value token is more than a line of Latin letters in step 1"),
}


@pytest.mark.parametrize(("take", "reason"), TAKEN.values(), ids=TAKEN)
def test_failed_extraction_is_down(base: str, take: Take, reason: str) -> None:
    assert read_outcome(visit(base, "/me", sign_in_for(base, take), bearer="{{token}}")) == ("down", reason)


BROKEN: dict[str, tuple[Script, str]] = {
    "silence": (hang, "timeout after 0.4 s in step 1"),
    "a drip": (trickle(b"HTTP/1.1 200 OK\r\nX: "), "timeout after 0.4 s in step 1"),
    "garbage": (send_and_wait(b"\xff\x00\r\n"), "protocol not HTTP in step 1"),
    "a torn connection": (reset, "reset in step 1"),
}


@pytest.mark.parametrize(("script", "reason"), BROKEN.values(), ids=BROKEN)
def test_failing_step_ends_the_probe_in_time(base: str, script: Script, reason: str) -> None:
    began = time.monotonic()
    with serve_script(script) as port:
        step = Step(f"http://127.0.0.1:{port}/")
        assert read_outcome(visit(base, "/mirror", step, seconds=0.4 if "timeout" in reason else 5)) == (
            "down",
            reason,
        )
    assert time.monotonic() - began < 4


def test_all_steps_share_one_deadline(base: str) -> None:
    """Each of them is quick enough alone."""

    def answer_late(connection: Any) -> None:
        connection.recv(65_536)
        time.sleep(0.15)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with serve_script(answer_late) as port:
        steps = [Step(f"http://127.0.0.1:{port}/")] * 4
        result = visit(base, "/mirror", *steps, seconds=0.4)
    assert read_outcome(result) == ("down", "timeout after 0.4 s in step 3")


def test_extracted_value_is_not_sent_to_another_origin(base: str) -> None:
    headers = {"X-Token": "{{csrf}}", "X-Plain": "kept"}
    result = visit(base, "/elsewhere", open_form(base), headers=headers, contains="kept", absent=CSRF)
    assert read_outcome(result) == ("up", "")


def test_answer_cannot_reference_our_secrets() -> None:
    """What is taken is filled in as it is: `${CONSTAT_PASSWORD}` in a page stays these letters."""
    seen: list[bytes] = []

    def page(connection: Any) -> None:
        seen.append(connection.recv(65_536))
        body = b'{"next": "${CONSTAT_PASSWORD}"}'
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with serve_script(page) as port:
        base = f"http://127.0.0.1:{port}"
        visit(base, "/", Step(f"{base}/", take={"next": Take(json="next")}), headers={"X-Next": "{{next}}"})
    assert b"X-Next: ${CONSTAT_PASSWORD}" in seen[1]


URL = "https://a.example/"
ODD: dict[str, tuple[dict[str, Any], str]] = {
    "a value that nobody takes": (
        {"steps": (Step(URL),), "bearer": "{{token}}"},
        "no earlier step takes {{token}}",
    ),
    "a value of a later step": (
        {"steps": (Step(URL, query={"a": "{{b}}"}), Step(URL, take={"b": Take(json="b")}))},
        "no earlier step takes {{b}}",
    ),
    "a name that is none": (
        {"steps": (Step(URL, take={"B-1": Take(json="b")}),)},
        "is not a name for a value",
    ),
    "a form that is not sent": ({"form": {"a": "b"}}, "GET sends no form"),
    "a form and a body": ({"method": "POST", "form": {"a": "b"}, "body": "c"}, "both form and body"),
    "a secret in an open step": (
        {"steps": (Step("http://a.example/", query={"p": "${CONSTAT_P}"}),)},
        "a secret would travel unencrypted",
    ),
    "half a certificate": ({"client_cert": "a.pem"}, "half of a client certificate"),
    "a key that would be published": (
        {"client_cert": "a.pem", "client_key": "history/key.pem"},
        "history/key.pem would be published",
    ),
}


@pytest.mark.parametrize(("options", "message"), ODD.values(), ids=ODD)
def test_invalid_steps_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongError) as refused:
        Options(**{"url": URL, **options})
    assert message in str(refused.value)


@pytest.mark.parametrize("ways", [{}, {"json": "a", "after": "b"}])
def test_value_has_exactly_one_extraction_method(ways: dict[str, str]) -> None:
    with pytest.raises(WrongError, match="one way"):
        Take(**ways)


class _Certified:
    """A server that asks for a certificate, and the client's own."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        own = authority.issue_cert("monitor@maxony.example")
        self.folder, self.certificate = folder, own.cert_chain_pems[0].bytes().decode()
        self.key = own.private_key_pem.bytes().decode()
        (folder / "ca.pem").write_bytes(authority.cert_pem.bytes())
        (folder / "own.pem").write_text(self.certificate, encoding="ascii")
        (folder / "key.pem").write_text(self.key, encoding="ascii")
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(self.tls)
        authority.configure_trust(self.tls)
        self.tls.verify_mode = ssl.CERT_REQUIRED

    def visit(self, script: Script, **options: Any) -> ProbeResult:
        secrets = Secrets({"CONSTAT_KEY": self.key}, {"CONSTAT_KEY": ("127.0.0.1",)})
        with serve_script(script, self.tls) as port:
            asked = Options(url=f"https://127.0.0.1:{port}/", ca="ca.pem", **options)
            return look("http", 5, asked, secrets, root=self.folder)


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> _Certified:
    return _Certified(tmp_path_factory.mktemp("certified"))


HELLO = send_and_wait(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
NOT_LET_IN = {("down", "tls asks for a client certificate"), ("down", "closed"), ("down", "reset")}
"""In TLS 1.3 the server says so after the handshake, and its goodbye may overtake its reason."""
OWN: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "in files": ({"client_cert": "own.pem", "client_key": "key.pem"}, ("up", "")),
    "its key in a secret": ({"client_cert": "own.pem", "client_key": "${CONSTAT_KEY}"}, ("up", "")),
    "without verifying the server": (
        {"client_cert": "own.pem", "client_key": "key.pem", "verify": False},
        ("up", ""),
    ),
    "with the wrong key": (
        {"client_cert": "own.pem", "client_key": "ca.pem"},
        ("unknown", "settings our certificate and its key cannot be used"),
    ),
    "in a file that is not there": (
        {"client_cert": "lost.pem", "client_key": "key.pem"},
        ("unknown", "settings our certificate and its key cannot be used"),
    ),
    "with a key that is not set": (
        {"client_cert": "own.pem", "client_key": "${CONSTAT_OTHER}"},
        ("unknown", "secret CONSTAT_OTHER is not declared for this host"),
    ),
}


@pytest.mark.parametrize(("options", "expected"), OWN.values(), ids=OWN)
def test_client_certificate_is_sent_on_request(
    certified: _Certified, options: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert read_outcome(certified.visit(HELLO, **options)) == expected


def test_client_certificate_is_not_sent_to_another_host(certified: _Certified) -> None:
    """A redirect leads to the same server under another name: there it asks in vain."""
    with serve_script(HELLO, certified.tls) as port:
        there = f"HTTP/1.1 302 x\r\nLocation: https://localhost:{port}/\r\nContent-Length: 0\r\n\r\n"
        result = certified.visit(send_and_wait(there.encode()), client_cert="own.pem", client_key="key.pem")
    assert read_outcome(result) in NOT_LET_IN


def test_missing_client_certificate_is_rejected(certified: _Certified) -> None:
    assert read_outcome(certified.visit(HELLO)) in NOT_LET_IN
