"""DER (X.690), as far as reading a key or a certificate needs it: one element after the other."""

SEQUENCE, INTEGER, BIT_STRING = 0x30, 0x02, 0x03
_LONG_FORM = 0x80


def read_element(data: bytes, *tags: int) -> tuple[bytes, bytes]:
    """Split data into the content of its first element, which must have one of the tags, and the rest.

    Raises:
        ValueError: it is another element, or not whole.

    """
    if len(data) < len(b"tl") or data[0] not in tags:
        raise ValueError("another element")
    length, start = data[1], 2
    if length & _LONG_FORM:
        start += length & ~_LONG_FORM
        length = int.from_bytes(data[2:start], "big")
    if start + length > len(data):
        raise ValueError("cut off")
    return data[start : start + length], data[start + length :]
