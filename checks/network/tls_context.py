"""TLS contexts: how every kind verifies a server's certificate."""

import ssl
from functools import lru_cache
from pathlib import Path

from checks.reasons import Trouble

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
"""The versions that a check may require as the oldest. Nothing older is ever spoken."""


def verified_context(ca: str, root: Path, minimum: str = "1.2") -> ssl.SSLContext:
    """A client's context that verifies chain and name against the system's authorities, or those in the file `ca`.

    Raises:
        Trouble: the file cannot be read or holds no certificate, or this machine has no authorities. Both are ours.

    """
    if not ca and not has_authorities():
        raise Trouble("authorities", "none on this machine")
    try:
        return _load_context(str(root / ca) if ca else None, minimum)
    except OSError as error:
        raise Trouble("authorities", f"{ca} cannot be used") from error


def has_authorities() -> bool:
    """Whether this machine has a file or a folder of certificate authorities where OpenSSL looks for them."""
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile) or bool(paths.capath and any(Path(paths.capath).iterdir()))


@lru_cache(maxsize=32)
def _load_context(path: str | None, minimum: str) -> ssl.SSLContext:
    """Load a context once: reading the system's authorities costs more than a handshake. Nothing may change it."""
    context = ssl.create_default_context(cafile=path)
    if path is None and ssl.get_default_verify_paths().cafile and not context.cert_store_stats()["x509_ca"]:
        raise Trouble("authorities", "those of this machine cannot be read")  # OpenSSL says nothing of it
    context.hostname_checks_common_name = False  # no browser does (RFC 9525 2)
    context.minimum_version = VERSIONS[minimum]
    return context


@lru_cache(maxsize=1)
def unverified_context() -> ssl.SSLContext:
    """A client's context that accepts any certificate, for a check that says so."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = VERSIONS["1.2"]
    return context
