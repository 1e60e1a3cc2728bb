"""How every kind verifies a server's certificate."""

import ssl
from functools import lru_cache

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
"""The protocol versions that a check may ask for at least. Nothing older is ever spoken."""


@lru_cache(maxsize=32)
def verified(ca: str = "", minimum: str = "1.2") -> ssl.SSLContext:
    """A client's context that verifies chain and name against the system's authorities, or against the file `ca`.

    Kept, because reading the system's authorities costs more than a handshake. Nothing may change it.

    Raises:
        OSError: the file cannot be read or holds no certificate (our side, not the target's).

    """
    context = ssl.create_default_context(cafile=ca or None)
    context.minimum_version = VERSIONS[minimum]
    return context
