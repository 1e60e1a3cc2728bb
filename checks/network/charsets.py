"""The charset of an answer, as browsers find it: byte order mark, header, declaration in the text (WHATWG HTML 13.2.3).

Labels are those of the WHATWG's Encoding Standard, in which `latin1` and `us-ascii` are names of windows-1252. Python
knows more codecs; some are very slow, or not for text.
"""

import codecs
import re

import webencodings

_PRESCANNED = 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF16_LE, "utf-16-le"))
_PARAMETER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_DECLARATION = re.compile(rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([^\"'>]+)[\"']", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([^\s\"'/>;]+)", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)


def decode(body: bytes, content_type: str) -> str:
    """Decode the body of an answer; bytes that are not text in its charset are replaced.

    A body that names no charset is UTF-8 where it can be, else windows-1252, as browsers assume in Western countries.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    named = _PARAMETER.search(content_type)
    encoding = (named and webencodings.lookup(named[1])) or _find_declared(body)
    if encoding is not None:
        return str(encoding.codec_info.decode(body, "replace")[0])
    return body.decode("utf-8", "replace") if _is_utf8(body) else body.decode("cp1252", "replace")


def _find_declared(body: bytes) -> webencodings.Encoding | None:
    """Find the charset that a text declares at its beginning.

    It cannot be UTF-16, since the declaration was read as ASCII; browsers take UTF-8 then.
    """
    beginning = _COMMENT.sub(b"", body[:_PRESCANNED])
    declared = _DECLARATION.search(beginning) or _META.search(beginning)
    encoding = webencodings.lookup(declared[1].decode("ascii", "replace")) if declared else None
    if encoding is not None and encoding.name.startswith("utf-16"):
        return webencodings.UTF8
    return encoding


def _is_utf8(body: bytes) -> bool:
    """Whether bytes are UTF-8; the last character may be cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return False
    return True
