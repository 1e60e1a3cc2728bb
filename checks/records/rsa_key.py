"""The length of an RSA public key from its DER encoding."""

from checks.records.der import BIT_STRING, INTEGER, SEQUENCE, read_element


def measure_modulus(der: bytes) -> int:
    """Count the bits of the modulus of a SubjectPublicKeyInfo (RFC 5280 4.1.2.7) or a bare RSAPublicKey (RFC 8017 A.1.1).

    Raises:
        ValueError: the key is neither.

    """
    content, _ = read_element(der, SEQUENCE)
    if content[:1] == bytes([SEQUENCE]):
        _, after_algorithm = read_element(content, SEQUENCE)
        bits, _ = read_element(after_algorithm, BIT_STRING)
        content, _ = read_element(bits[1:], SEQUENCE)  # the first byte is the number of unused bits
    modulus, after_modulus = read_element(content, INTEGER)
    read_element(after_modulus, INTEGER)  # the exponent must be there
    return int.from_bytes(modulus, "big").bit_length()
