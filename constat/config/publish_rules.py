"""Rules between the section `publish` and the rest of `status.yml`."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from constat.config.fields.text_fields import find_secret_names
from constat.config.problem_log import ProblemLog
from constat.config.secret_hosts import refuse_other_hosts
from constat.config.sections import Publish
from constat.model.settings import DEFAULT_REGION
from constat.model.stores import find_host, find_part, find_store

_REGION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
"""A region becomes part of a host name: any other character could send the key to another host."""


def check_publish(log: ProblemLog, publish: Publish, secrets: Mapping[str, tuple[str, ...]]) -> None:
    """Note an address that no store serves, a setting that the store does not take, and a secret not meant for its host."""
    store = find_store(publish.to)
    if store is None:
        hint = "write dir:/srv/status, rsync://user@host/module/folder/ or s3://bucket/prefix"
        log.wrong(("publish", "to"), f"no store serves {publish.to!r}", hint)
        return
    if store == "s3":
        _check_bucket(log, publish)
    else:
        _check_other_store(log, publish)
    host = find_host(publish.to, publish.endpoint or "", publish.region or DEFAULT_REGION)
    for key, text in (("user", publish.user), ("password", publish.password)):
        refuse_other_hosts(log, ("publish", key), find_secret_names(text or ""), host, secrets)


def _check_bucket(log: ProblemLog, publish: Publish) -> None:
    """Note an invalid region, half a key, and an endpoint without TLS on another machine."""
    if publish.region and not _REGION.fullmatch(publish.region):
        log.wrong(("publish", "region"), f"{publish.region!r} is not a valid region", "write eu-central-1")
    if bool(publish.user) != bool(publish.password):
        have, lack = ("user", "password") if publish.user else ("password", "user")
        log.wrong(("publish", have), f"half a key: {lack} is missing", "write both, or neither")
    endpoint = urlsplit(publish.endpoint or "")
    if endpoint.scheme == "http" and endpoint.hostname not in ("127.0.0.1", "localhost", "::1"):
        log.wrong(("publish", "endpoint"), "a key that would travel without TLS", "write https://")


def _check_other_store(log: ProblemLog, publish: Publish) -> None:
    """Note keys that only a bucket takes, and a password without a user in the address."""
    for key in ("user", "endpoint", "region"):
        if getattr(publish, key):
            hint = "take it out, or write to: s3://bucket/prefix"
            log.wrong(("publish", key), f"{key} is for buckets alone", hint)
    if publish.password and not find_part(publish.to, "user"):
        log.wrong(("publish", "password"), "a password without a user", "write rsync://user@host/module/")
