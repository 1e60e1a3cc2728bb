"""The length of an RSA public key from its DER encoding, with as much ASN.1 (X.690) as that takes."""

_SEQUENCE, _INTEGER, _BIT_STRING = 0x30, 0x02, 0x03
_LONG_FORM = 0x80


def measure_modulus(der: bytes) -> int:
    """Count the bits of the modulus of a SubjectPublicKeyInfo (RFC 5280 4.1.2.7) or a bare RSAPublicKey (RFC 8017 A.1.1).

    Raises:
        ValueError: the key is neither.

    """
    content, _ = _read_element(der, _SEQUENCE)
    if content[:1] == bytes([_SEQUENCE]):
        _, after_algorithm = _read_element(content, _SEQUENCE)
        bits, _ = _read_element(after_algorithm, _BIT_STRING)
        content, _ = _read_element(bits[1:], _SEQUENCE)  # the first byte counts the bits that are not used
    modulus, after_modulus = _read_element(content, _INTEGER)
    _read_element(after_modulus, _INTEGER)  # the exponent must be there
    return int.from_bytes(modulus, "big").bit_length()


def _read_element(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """Split data into the content of its first element, which must have the tag, and the rest."""
    if len(data) < len(b"tl") or data[0] != tag:
        raise ValueError("another element")
    length, start = data[1], 2
    if length & _LONG_FORM:
        start += length & ~_LONG_FORM
        length = int.from_bytes(data[2:start], "big")
    if start + length > len(data):
        raise ValueError("cut off")
    return data[start : start + length], data[start + length :]
