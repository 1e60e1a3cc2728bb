"""Rules of the stores that the sections `publish` and `history` name, and of the secrets that they are sent."""

import re
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from constat.config.fields.text_fields import find_secret_names
from constat.config.problem_log import ProblemLog
from constat.config.secret_hosts import refuse_other_hosts
from constat.config.sections import History, Publish
from constat.model.settings import DEFAULT_REGION
from constat.model.stores import find_host, find_part, find_store

_REGION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
"""A region becomes part of a host name: any other character could send the key to another host."""


def check_publish(log: ProblemLog, publish: Publish, secrets: Mapping[str, tuple[str, ...]]) -> None:
    """Note an address that no store serves, a setting that the store does not take, and a secret not meant for its host."""
    if find_store(publish.to) is None:
        hint = "write dir:/srv/status, rsync://user@host/module/folder/ or s3://bucket/prefix"
        log.wrong(("publish", "to"), f"no store serves {publish.to!r}", hint)
        return
    check_access(log, "publish", publish, [publish.to], secrets)


def check_access(
    log: ProblemLog,
    section: str,
    access: Publish | History,
    addresses: Collection[str],
    secrets: Mapping[str, tuple[str, ...]],
) -> None:
    """Note what is wrong with the keys and passwords of a section, by which its stores are reached."""
    stores = {find_store(address) for address in addresses}
    if "s3" in stores:
        _check_bucket(log, section, access)
    else:
        _refuse_bucket_keys(log, section, access)
        if access.password and not any(find_part(address, "user") for address in addresses):
            hint = "write rsync://user@host/module/"
            log.wrong((section, "password"), "a password without a user", hint)
    for host in sorted({_find_host(access, address) for address in addresses}):
        for key, text in (("user", access.user), ("password", access.password)):
            refuse_other_hosts(log, (section, key), find_secret_names(text or ""), host, secrets)


def _find_host(access: Publish | History, address: str) -> str:
    return find_host(address, access.endpoint or "", access.region or DEFAULT_REGION)


def _check_bucket(log: ProblemLog, section: str, access: Publish | History) -> None:
    """Note an invalid region, half a key, and an endpoint without TLS on another machine."""
    if access.region and not _REGION.fullmatch(access.region):
        log.wrong((section, "region"), f"{access.region!r} is not a valid region", "write eu-central-1")
    if bool(access.user) != bool(access.password):
        have, lack = ("user", "password") if access.user else ("password", "user")
        log.wrong((section, have), f"half a key: {lack} is missing", "write both, or neither")
    endpoint = urlsplit(access.endpoint or "")
    if endpoint.scheme == "http" and endpoint.hostname not in ("127.0.0.1", "localhost", "::1"):
        log.wrong((section, "endpoint"), "a key that would travel without TLS", "write https://")


def _refuse_bucket_keys(log: ProblemLog, section: str, access: Publish | History) -> None:
    """Note keys that only a bucket takes."""
    for key in ("user", "endpoint", "region"):
        if getattr(access, key):
            hint = "take it out, or name a bucket: s3://bucket/prefix"
            log.wrong((section, key), f"{key} is for buckets alone", hint)
