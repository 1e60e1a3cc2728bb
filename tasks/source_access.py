"""Prepare the access to a source: the certificates to trust, and the headers to send, with their secrets filled in."""

import base64
from pathlib import Path

from checks.network.tls_context import verified_context
from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.config.fields.network_fields import is_header_text
from constat.model import Source
from constat.text.host_names import read_url_host
from outside.sources.question import Access


def open_access(root: Path, source: Source, secrets: Secrets) -> Access:
    """Prepare the access to a source; `root` is the folder of the project.

    Raises:
        Trouble: a secret is not set or may not be sent there, or the file of certificates cannot be used.

    """
    trust = verified_context(source.ca, root) if source.url.startswith("https:") else None
    headers = _fill_headers(source, secrets)
    for name, text in headers.items():
        if not is_header_text(text):
            raise Trouble("secret", f"it cannot be sent in the header {name}")
    return Access(headers, trust)


def _fill_headers(source: Source, secrets: Secrets) -> dict[str, str]:
    host = read_url_host(source.url)
    headers = {name: secrets.fill(text, host) for name, text in source.headers.items()}
    if source.bearer:
        headers["Authorization"] = f"Bearer {secrets.fill(source.bearer, host)}"
    elif source.basic:
        pair = ":".join(secrets.fill(each, host) for each in (source.basic.username, source.basic.password))
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return headers
