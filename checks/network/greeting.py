"""The line that a server says first, and the text that it must contain."""

from checks.network.connection import Reader
from checks.probing import Context
from checks.reasons import Trouble

_LONGEST = 4096


def check_greeting(banner: str, reader: Reader, context: Context) -> None:
    """Wait for the first line, and check it.

    Raises:
        Trouble: nothing was said before the end, or the line does not contain `banner`.

    """
    received = reader.readline(_LONGEST)
    if not received:
        raise Trouble("closed", "before a greeting")
    line = received.rstrip(b"\r\n")
    context.note("greeting", context.quote(line))
    if banner.encode() not in line:
        raise Trouble("banner", context.quote(line))
