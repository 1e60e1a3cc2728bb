"""How a store of `publish` or `history.archive` is reached: its password, and the key of its bucket, with secrets filled in."""

from collections.abc import Mapping
from typing import NamedTuple

from checks.secrets import Secrets
from constat.model.settings import History, Publish
from constat.model.stores import find_host, find_part, find_store
from outside.buckets import Bucket


class StoreAccess(NamedTuple):
    """The password of an rsync server, and how a bucket is reached."""

    password: str
    bucket: Bucket


def open_store_access(
    settings: Publish | History, address: str, secrets: Secrets, environment: Mapping[str, str]
) -> StoreAccess:
    """Fill in how the store at an address is reached: with the key of `status.yml`, else with the key in the job's environment.

    Raises:
        Trouble: a secret is not set, or may not be sent there.

    """
    is_bucket = find_store(address) == "s3"
    if not is_bucket and not find_part(address, "user"):
        return StoreAccess("", Bucket())
    host = find_host(address, settings.endpoint, settings.region)
    password = secrets.fill(settings.password, host)
    if not is_bucket:
        return StoreAccess(password, Bucket())
    key_id = secrets.fill(settings.user, host)
    if key_id:
        return StoreAccess("", Bucket(settings.endpoint, settings.region, key_id, password))
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    key = (environment.get(name, "") for name in names)
    return StoreAccess("", Bucket(settings.endpoint, settings.region, *key))
