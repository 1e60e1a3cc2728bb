"""Public keys as domains publish them for DKIM. Nothing is signed with them, so no primes are needed."""

import base64
from random import Random

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def make_public_rsa_key(bits: int, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    """Make a key of this length, in base64; its modulus is an arbitrary odd number."""
    modulus = Random(bits).getrandbits(bits) | 1 << bits - 1 | 1  # noqa: S311 -- no secret
    public = RSAPublicNumbers(65537, modulus).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, form)).decode()
