"""An access token for a refresh token (RFC 6749 6): what a mail program does before it signs in."""

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from checks.network.http_client import HttpAnswer, fetch
from checks.network.http_request import Request
from checks.probing import Context
from checks.reasons import Trouble, translate_error
from constat.text.host_names import read_url_host

if TYPE_CHECKING:
    from checks.network.mail_server import Refresh


def fetch_token(refresh: "Refresh", context: Context) -> str:
    """Fetch an access token, within a share of the time.

    Raises:
        Trouble: there is none; unknown, because that is never the mail server's fault.

    """
    host = read_url_host(refresh.url)
    form = {"grant_type": "refresh_token"}
    texts = {
        name: getattr(refresh, name) for name in ("client_id", "client_secret", "refresh_token", "scope")
    }
    form |= {name: context.secrets.fill(text, host) for name, text in texts.items() if text}
    request = Request(
        url=refresh.url,
        method="POST",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        body=urlencode(form),
        follow_redirects=False,
        ca=refresh.ca,
    )
    try:
        answer = fetch(request, context.share(2))
    except (
        Exception
    ) as error:  # a library may raise anything; an error that no table knows is raised again below
        trouble = translate_error(error, context.deadline.seconds)
        if trouble is None:
            raise
        raise Trouble("secret", f"no access token: {trouble.reason}") from error
    context.note("access token", f"status {answer.status}")
    return _read_token(answer, context)


def _read_token(answer: HttpAnswer, context: Context) -> str:
    try:
        values = json.loads(answer.body)
        token = values.get("access_token")
        error = values.get("error", "")
    except (ValueError, AttributeError, RecursionError):
        token, error = None, ""
    if isinstance(token, str) and token:
        return token
    said = f" {context.quote(str(error))}" if error else ""
    raise Trouble("secret", f"no access token: status {answer.status}{said}")
