"""Secrets in a Kuma database: recognised, replaced by names, and taken out of every text that is written."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from constat.moving.kuma.tables import Row, get_json, get_text
from constat.moving.secret_marks import is_plain, is_plain_header, is_suspicious, looks_secret

SECRET_COLUMNS: Final = (
    "basic_auth_pass",
    "bearer_token",
    "oauth_client_secret",
    "oauth_client_id",
    "tls_key",
    "tls_cert",
    "tls_ca",
    "push_token",
    "mqtt_username",
    "mqtt_password",
    "radius_username",
    "radius_password",
    "radius_secret",
    "rabbitmq_username",
    "rabbitmq_password",
    "snmp_community_string",
    "database_connection_string",
    "kafka_producer_sasl_options",
    "grpc_metadata",
)
"""Columns of a monitor whose values are never written anywhere."""

_SHORTEST_SECRET = 5
_SHORTEST_DISTINCTIVE_WORD = 12
REPLACEMENT: Final = "[secret]"


def list_monitor_secrets(row: Row) -> Iterator[str]:
    """Every value of a monitor that must not be written, whatever its kind."""
    for column in SECRET_COLUMNS:
        yield get_text(row, column)
    yield from list_texts_in(get_text(row, "body"))
    headers = get_json(row, "headers")
    if isinstance(headers, dict):
        yield from (str(value) for name, value in headers.items() if not is_plain_header(name, str(value)))
    else:
        yield get_text(row, "headers")
    address = get_text(row, "url")
    userinfo = re.search(r"//([^/@]+)@", address)
    if userinfo:
        yield from userinfo[1].split(":", 1)
    for name, value in re.findall(r"[?&]([^=&#]+)=([^&#]+)", address):
        if not is_plain(name, value):
            yield value


def list_texts_in(text: str) -> Iterator[str]:
    """The texts in a JSON document that may be secrets; for any other text, its suspicious words."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        yield from (word for word in re.split(r"[\s\"'=:;,&<>{}]+", text) if is_suspicious(word))
        return
    yield from _walk("", content)


def _walk(name: str, content: Any) -> Iterator[str]:  # noqa: ANN401 -- plain JSON values
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _walk(str(key), value)
    elif isinstance(content, list):
        for value in content:
            yield from _walk(name, value)
    elif isinstance(content, str) and looks_secret(name, content):
        yield content
        yield from (word for word in content.split() if is_suspicious(word))


def _is_distinctive(value: str) -> bool:
    """Whether a secret is unlikely to occur in a text as an ordinary word."""
    is_word = value.isalpha() and value.islower() and len(value) < _SHORTEST_DISTINCTIVE_WORD
    return len(value) >= _SHORTEST_SECRET and not is_word


class Scrubber:
    """Takes every known secret out of a text."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({value for value in secrets if _is_distinctive(value)}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, known))) if known else None

    def scrub(self, text: str) -> str:
        """The text, with a word in the place of each secret."""
        return text if self._pattern is None else self._pattern.sub(REPLACEMENT, text)
