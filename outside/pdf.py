"""PDF/A-3u from HTML, with a file attached: written by WeasyPrint, an extra of the installation.

Nothing is fetched: the HTML holds all that it shows. The same input gives the same bytes on machines with the same fonts.
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from constat.errors import UsageError
from constat.interval import Instant
from constat.version import explain_extra

VARIANT = "pdf/a-3u"


class Attached(NamedTuple):
    """A file to attach: its name, what it is, its bytes, and when they were made."""

    name: str
    description: str
    data: bytes
    made_at: Instant


def write_pdf(html: str, style: str, attached: Attached, identifier: bytes) -> bytes:
    """Write HTML as PDF/A-3u, with the style sheet `style` after its own, and attach a file with the same content as data.

    `identifier` is that of the document: the same one for the same content.

    Raises:
        UsageError: WeasyPrint is not installed, or the libraries that it needs are not.

    """
    try:
        from weasyprint import CSS, HTML, Attachment  # noqa: PLC0415 -- an extra, and heavy
        from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- as above
    except ModuleNotFoundError as error:
        raise UsageError(explain_extra("weasyprint")) from error
    except OSError as error:
        tip = "on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
        raise UsageError(f"weasyprint lacks a library: {error}", tip=tip) from error
    made_at = datetime.fromtimestamp(attached.made_at, UTC)
    attachment = Attachment(
        string=attached.data,
        name=attached.name,
        description=attached.description,
        created=made_at,
        modified=made_at,
        relationship="Source",
    )
    fetcher = URLFetcher(allowed_protocols=("data",))
    document = HTML(string=html, url_fetcher=fetcher)
    options: dict[str, Any] = {
        "pdf_variant": VARIANT,
        "pdf_identifier": identifier,
        "attachments": [attachment],
        "stylesheets": [CSS(string=style, url_fetcher=fetcher)],
    }
    data: bytes = document.write_pdf(**options)
    return data
