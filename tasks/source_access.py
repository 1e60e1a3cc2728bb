"""Prepare the access to those who check for us: the certificates to trust, and the headers to send, with their secrets filled in."""

import base64
from collections.abc import Mapping
from pathlib import Path

from checks.network.tls_context import verified_context
from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.config.fields.network_fields import is_header_text
from constat.model import Source
from constat.model.sources import SignIn
from constat.text.host_names import read_url_host
from outside.sources.question import Access


def open_access(root: Path, source: Source, secrets: Secrets) -> Access:
    """Prepare the access to a source; `root` is the folder of the project.

    Raises:
        Trouble: a secret is not set or may not be sent there, or the file of certificates cannot be used.

    """
    trust = verified_context(source.ca, root) if source.url.startswith("https:") else None
    host = read_url_host(source.url)
    own = {name: secrets.fill(text, host) for name, text in source.headers.items()}
    _refuse_unfit(own)
    return Access({**own, **sign_in(source.url, secrets, source.bearer, source.basic)}, trust)


def sign_in(url: str, secrets: Secrets, bearer: str, basic: SignIn | None = None) -> dict[str, str]:
    """Build the header that signs in at an address, by a token or by a name and a password; none without either.

    Raises:
        Trouble: a secret is not set or may not be sent there, or contains what a header cannot.

    """
    host = read_url_host(url)
    if bearer:
        headers = {"Authorization": f"Bearer {secrets.fill(bearer, host)}"}
    elif basic:
        pair = ":".join(secrets.fill(each, host) for each in (basic.username, basic.password))
        headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    else:
        return {}
    _refuse_unfit(headers)
    return headers


def _refuse_unfit(headers: Mapping[str, str]) -> None:
    for name, text in headers.items():
        if not is_header_text(text):
            raise Trouble("secret", f"it cannot be sent in the header {name}")
