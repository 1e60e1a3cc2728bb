"""TLS contexts: how every kind verifies a server's certificate."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, NamedTuple

from checks.reasons import Trouble

if TYPE_CHECKING:
    from checks.network.connection import Connection
    from checks.probing import Context

_PEM = "-----BEGIN "
VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
"""The versions that a check may require as the oldest. Nothing older is ever spoken."""


class OwnCertificate(NamedTuple):
    """A certificate of ours and its key, each in PEM or as a file of the project; `host` is the only one that it is shown to."""

    host: str
    certificate: str
    key: str

    def fill(self, fill: Callable[[str], str]) -> "OwnCertificate":
        """Return the certificate and key with their secrets filled in."""
        return self._replace(certificate=fill(self.certificate), key=fill(self.key))


def verified_context(
    ca: str, root: Path, minimum: str = "1.2", protocols: tuple[str, ...] = ()
) -> ssl.SSLContext:
    """Build a client's context that verifies chain and name against the system's authorities, or those in the file `ca`.

    `protocols`: those that are offered inside TLS, by their ALPN names (RFC 7301).

    Raises:
        Trouble: the file cannot be read or holds no certificate, or this machine has no authorities: our own trouble.

    """
    if not ca and not has_authorities():
        raise Trouble("authorities", "none on this machine")
    try:
        return _load_context(str(root / ca) if ca else None, minimum, protocols)
    except OSError as error:
        raise Trouble("authorities", f"{ca} cannot be used") from error


def start_verified_tls(connection: "Connection", name: str, ca: str, context: "Context") -> None:
    """Speak TLS from here on, with the certificate verified for `name`, and note which version was agreed on.

    Raises:
        Trouble: as `verified_context` does.
        ssl.SSLError: the handshake failed.

    """
    tls = connection.start_tls(verified_context(ca, context.root), name)
    context.note("tls", str(tls.version()))


def has_authorities() -> bool:
    """Whether this machine has a file or a folder of certificate authorities where OpenSSL looks for them."""
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile) or bool(paths.capath and any(Path(paths.capath).iterdir()))


@lru_cache(maxsize=32)
def _load_context(path: str | None, minimum: str, protocols: tuple[str, ...] = ()) -> ssl.SSLContext:
    """Load a context once, as reading the system's authorities costs more than a handshake. Nobody may modify it."""
    context = ssl.create_default_context(cafile=path)
    if path is None and ssl.get_default_verify_paths().cafile and not context.cert_store_stats()["x509_ca"]:
        raise Trouble("authorities", "those of this machine cannot be read")  # OpenSSL does not report it
    context.hostname_checks_common_name = False  # no browser does (RFC 9525 2)
    context.minimum_version = VERSIONS[minimum]
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def certified_context(ca: str, root: Path, own: OwnCertificate, *, verify: bool) -> ssl.SSLContext:
    """Build a client's context that also shows a certificate of ours, anew each time: the caller may modify it.

    Raises:
        Trouble: the authorities or our certificate cannot be used: our own trouble.

    """
    if verify:
        verified_context(ca, root)  # raises if anything is wrong with the authorities
    context = _load_context.__wrapped__(str(root / ca) if ca else None, "1.2") if verify else _accept_any()
    try:
        with _as_file(own.certificate, root) as certificate, _as_file(own.key, root) as key:
            context.load_cert_chain(certificate, key, password=lambda: b"")  # never asks anybody
    except (OSError, ValueError) as error:
        raise Trouble("settings", "our certificate and its key cannot be used") from error
    return context


@contextmanager
def _as_file(text: str, root: Path) -> Iterator[str]:
    """Yield the path of a file: that which the text names or, for a text in PEM, a private temporary one."""
    if _PEM not in text:
        yield str(root / text)
        return
    with NamedTemporaryFile("w", encoding="utf-8", prefix="constat-", suffix=".pem") as file:
        file.write(text)
        file.flush()
        yield file.name


@lru_cache(maxsize=1)
def unverified_context() -> ssl.SSLContext:
    """Build a client's context that accepts any certificate, for a check that says so."""
    return _accept_any()


def _accept_any() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = VERSIONS["1.2"]
    return context
