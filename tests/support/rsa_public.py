"""Public keys as domains publish them for DKIM: nobody signs with them, so that no primes need be found."""

import base64
from random import Random

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def make_public_rsa_key(bits: int, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    """A key of this length, in base64. Its modulus is any odd number of so many bits."""
    modulus = Random(bits).getrandbits(bits) | 1 << bits - 1 | 1  # noqa: S311 -- no secret
    public = RSAPublicNumbers(65537, modulus).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, form)).decode()
