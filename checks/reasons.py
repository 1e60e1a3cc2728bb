"""Why a check failed: one table of words for all kinds, so that the same trouble always has the same name.

A reason is public. It begins with a word of `WORDS`, may go on with a detail in our own words, and quotes a target only
through `quote_target`. Foreign exceptions are recognised by their full name in `FOREIGN`, so that no library has to be
imported for its errors.
"""

import errno
import socket
import struct
import traceback
import zlib
from collections.abc import Iterator

from checks.reason_words import WORDS
from constat.model import Outcome
from constat.text.reason_cells import make_printable

QUOTED_MAX = 60


class Trouble(Exception):  # noqa: N818 (what a probe looks for, not an error of ours)
    """Trouble that a probe found: a word of `WORDS` and a detail in our own words, with text of the target in quotes.

    `latency_ms`: the latency that was measured nevertheless, if that is not simply the time it took.
    """

    def __init__(
        self, word: str, detail: str = "", *, outcome: Outcome | None = None, latency_ms: int | None = None
    ) -> None:
        super().__init__(f"{word} {detail}".rstrip())
        self.word = word
        self.detail = detail
        self.latency_ms = latency_ms
        self.outcome = WORDS[word].outcome if outcome is None else outcome

    @property
    def reason(self) -> str:
        """The public reason."""
        return str(self)

    @property
    def is_ours(self) -> bool:
        """Whether the trouble says nothing about the target."""
        return self.outcome is Outcome.UNKNOWN


FOREIGN = {
    "builtins.TimeoutError": "timeout",
    "builtins.ConnectionRefusedError": "refused",
    "builtins.ConnectionResetError": "reset",
    "builtins.ConnectionAbortedError": "reset",
    "builtins.BrokenPipeError": "reset",
    "builtins.EOFError": "closed",
    "builtins.MemoryError": "resources",
    "checks.network.connection.TooMuchError": "size",
    "ssl.SSLEOFError": "closed",
    "ssl.SSLZeroReturnError": "closed",
    "ssl.SSLError": "tls",
    "ssl.CertificateError": "tls",
    "http.client.RemoteDisconnected": "closed",
    "http.client.IncompleteRead": "closed",
    "http.client.BadStatusLine": "protocol not HTTP",
    "http.client.LineTooLong": "protocol line too long",
    "http.client.HTTPException": "protocol",
    "urllib3.exceptions.IncompleteRead": "closed",
    "urllib3.exceptions.InvalidChunkLength": "protocol broken chunks",
    "urllib3.exceptions.DecodeError": "protocol not compressed as it says",
    "urllib3.exceptions.HeaderParsingError": "protocol",
    "urllib3.exceptions.InvalidHeader": "protocol",
    "h2.exceptions.ProtocolError": "protocol not HTTP/2",
    "requests.exceptions.InvalidURL": "redirect to no web address",
}
"""Full name of an exception's class or of an ancestor -> word and detail. The nearest ancestor decides."""

LAST_RESORT = {
    "requests.exceptions.InvalidHeader": "crash a header that cannot be sent",
    "urllib3.exceptions.ProtocolError": "closed",
    "urllib3.exceptions.HTTPError": "protocol",
    "requests.exceptions.RequestException": "protocol",
    "smtplib.SMTPServerDisconnected": "closed",
    "imaplib.IMAP4.abort": "closed",
    "smpplib.exceptions.ConnectionError": "closed",
    "smpplib.exceptions.PDUError": "protocol",
    "smpplib.exceptions.UnknownCommandError": "protocol",
}
"""The same for vague errors, which count only if no error that they wrap is known."""

ERRNO = {
    errno.ETIMEDOUT: "timeout",
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "reset",
    errno.EPIPE: "reset",
    errno.EHOSTUNREACH: "unreachable",
    errno.EHOSTDOWN: "unreachable",
    errno.ENETUNREACH: "route",
    errno.ENETDOWN: "route",
    errno.EAFNOSUPPORT: "route",
    errno.EADDRNOTAVAIL: "route",
    errno.ENODEV: "route",
    errno.ENXIO: "route",
    errno.EINVAL: "settings",
    errno.EMFILE: "resources",
    errno.ENFILE: "resources",
    errno.ENOBUFS: "resources",
    errno.ENOMEM: "resources",
    errno.EAGAIN: "resources",
    errno.EACCES: "blocked",
    errno.EPERM: "blocked",
}
"""Error number of the kernel -> word. All that follow EHOSTDOWN can only be caused on our side."""

_EAI = {
    socket.EAI_NONAME: ("dns", "no such name"),
    socket.EAI_NODATA: ("dns", "no address"),
    socket.EAI_ADDRFAMILY: ("dns", "no address of that family"),
    socket.EAI_FAIL: ("dns", "failed"),
    socket.EAI_AGAIN: ("resolver", ""),
    socket.EAI_MEMORY: ("resources", ""),
    socket.EAI_SYSTEM: ("resolver", ""),
}

_CERTIFICATE = {
    9: "certificate not yet valid",
    10: "certificate expired",
    18: "certificate self-signed",
    19: "certificate from an unknown authority",
    20: "certificate from an unknown authority",
    21: "certificate from an unknown authority",
    23: "certificate revoked",
    26: "certificate not meant for a server",
    62: "certificate for another name",
    64: "certificate for another address",
}
"""OpenSSL's X509_V_ERR codes (x509_vfy.h) -> what they mean; other codes: not trusted."""

_HANDSHAKE = {
    "WRONG_VERSION_NUMBER": "not spoken on this port",
    "RECORD_LAYER_FAILURE": "not spoken on this port",
    "HTTP_REQUEST": "not spoken on this port",
    "UNSUPPORTED_PROTOCOL": "no common version",
    "TLSV1_ALERT_PROTOCOL_VERSION": "no common version",
    "NO_PROTOCOLS_AVAILABLE": "no common version",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "handshake refused",
    "TLSV1_UNRECOGNIZED_NAME": "name not known to the server",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "asks for a client certificate",
    "UNEXPECTED_EOF_WHILE_READING": "closed in the handshake",
}


def _describe_tls_error(error: BaseException) -> str:
    """Name what failed: the certificate, if it was verified, or the handshake."""
    if hasattr(error, "verify_code"):
        return _CERTIFICATE.get(error.verify_code, "certificate not trusted")
    return _HANDSHAKE.get(getattr(error, "reason", None) or "", "handshake failed")


def _list_full_names(error: BaseException) -> Iterator[str]:
    for ancestor in type(error).__mro__:
        yield f"{ancestor.__module__}.{ancestor.__qualname__}"


def _list_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those that it wraps, outermost first, each once: causes, contexts, arguments, `reason`."""
    waiting, visited = [error], set()
    while waiting:
        current = waiting.pop(0)
        if id(current) in visited:
            continue
        visited.add(id(current))
        yield current
        wrapped = (current.__cause__, current.__context__, getattr(current, "reason", None), *current.args)
        waiting += [item for item in wrapped if isinstance(item, BaseException)]


def _recognise(error: BaseException, seconds: float) -> Trouble | None:
    """Recognise one exception, regardless of those that it wraps."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, socket.gaierror):
        return Trouble(*_EAI.get(error.errno or 0, ("dns", "failed")))
    word = next((FOREIGN[name] for name in _list_full_names(error) if name in FOREIGN), None)
    if word is None and isinstance(error, OSError):
        word = ERRNO.get(error.errno or 0)
    if word == "timeout":
        return timeout(seconds)
    if word == "tls":
        return Trouble("tls", _describe_tls_error(error))
    return None if word is None else Trouble(*word.split(" ", 1))


def timeout(seconds: float) -> Trouble:
    """Build the trouble of an answer that did not come within `seconds`."""
    return Trouble("timeout", f"after {seconds:g} s")


def translate_error(error: BaseException, seconds: float) -> Trouble | None:
    """Translate an exception; `None` for one that no target causes, which is a bug of ours.

    `seconds`: the time that the probe had, for the reason of a timeout.
    """
    causes = tuple(_list_causes(error))
    known = (_recognise(cause, seconds) for cause in causes)
    vague = (
        Trouble(*LAST_RESORT[name].split(" ", 1))
        for cause in causes
        for name in _list_full_names(cause)
        if name in LAST_RESORT
    )
    named = next((trouble for trouble in (*known, *vague) if trouble is not None), None)
    return Trouble("protocol") if named is None and _arose_in_reading(error) else named


_READING = frozenset(
    (
        "codecs",
        "dns",
        "email",
        "encodings",
        "gzip",
        "h2",
        "hpack",
        "http",
        "hyperframe",
        "idna",
        "json",
        "requests",
        "ssl",
        "urllib",
        "urllib3",
    )
)
"""Libraries that read what a target sends. None of them documents every error that it may raise."""

_SENDING = frozenset(("putheader", "putrequest"))
"""Functions of these libraries that write what we send: what they refuse is our own fault."""

_OF_DATA = (ValueError, LookupError, ArithmeticError, AssertionError, zlib.error, struct.error)


def _arose_in_reading(error: BaseException) -> bool:
    """Whether an error that no table knows is about what a target sent: an error of data, raised in a library that reads it."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if not frames or not isinstance(error, _OF_DATA) or isinstance(error, UnicodeEncodeError):
        return False
    library = str(frames[-1].f_globals.get("__name__")).partition(".")[0]
    return library in _READING and _SENDING.isdisjoint(frame.f_code.co_name for frame in frames)


def quote_target(text: str | bytes) -> str:
    """Quote text of a target for a reason: `'at most 60 printable characters'`.

    Secrets must be redacted before: a secret that is cut here can no longer be recognised.
    """
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    plain = make_printable(decoded).replace("'", "\u2019").lstrip("=+-@ ")
    return f"'{plain if len(plain) <= QUOTED_MAX else plain[: QUOTED_MAX - 3] + '...'}'"
