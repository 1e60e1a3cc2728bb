"""S3 buckets, of Amazon or of anybody who speaks its protocol: how one is opened, and what its errors mean."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from constat.errors import OutsideError, UsageError, visible
from constat.model.stores import find_host, find_part

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Credential, S3Store

REQUEST_S = 30.0
"""How long one request, and its repetitions, may take."""
_STATUS = re.compile(r"status code: (\d{3}[A-Za-z ]*)")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_CAUSES = {
    "TimedOut": "no answer in time",
    "Connection refused": "connection refused",
    "ertificate": "its certificate is not trusted",
    "BareRedirect": "it sends us to another region: correct the region in status.yml",
    "dns error": "its name does not resolve",
}
"""A text in the library's error -> what it means."""


class Bucket(NamedTuple):
    """How a bucket is reached: the address of its server (empty for Amazon's), its region, and the key.

    `token`: goes with a temporary key.
    """

    endpoint: str = ""
    region: str = ""
    key_id: str = ""
    key: str = ""
    token: str = ""

    def find_host(self, address: str) -> str:
        """Find the host that the key goes to."""
        return find_host(address, self.endpoint, self.region)


def open_bucket(address: str, bucket: Bucket, request_s: float = REQUEST_S) -> "S3Store":
    """Open the bucket of an address such as `s3://bucket/prefix`, below its prefix.

    Raises:
        UsageError: the library is not installed, or there is no key.

    """
    try:
        from obstore.store import S3Store  # noqa: PLC0415 -- an extra, and only needed here
    except ImportError:
        raise UsageError(
            "a bucket needs the library obstore", tip="install it: pip install 'constat-status[s3]'"
        ) from None
    limit = timedelta(seconds=request_s)
    if not bucket.key_id or not bucket.key:
        raise UsageError(
            "there is no key for the bucket",
            tip="write user and password beside its address, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        )
    endpoint = bucket.endpoint or f"https://{bucket.find_host(address)}"
    # Whatever says which key goes where is set here: the library would otherwise take it from AWS_* in the environment.
    config: S3Config = {
        "aws_endpoint_url_s3": endpoint,
        "region": bucket.region,
        "virtual_hosted_style_request": False,
        "skip_signature": False,
    }
    key: S3Credential = {
        "access_key_id": bucket.key_id,
        "secret_access_key": bucket.key,
        "token": bucket.token or None,
        "expires_at": None,
    }
    return S3Store(
        find_part(address, "bucket"),
        prefix=find_part(address, "path").strip("/") or None,
        config=config,
        credential_provider=lambda: key,
        client_options={
            "timeout": limit,
            "connect_timeout": limit,
            "allow_http": endpoint.startswith("http://"),
        },
        retry_config={"max_retries": 3, "retry_timeout": limit},
    )


@contextmanager
def translate_errors(host: str) -> Iterator[None]:
    """Turn what the library raises into an error of one sentence."""
    from obstore.exceptions import BaseError  # noqa: PLC0415 -- an extra

    try:
        yield
    except BaseError as error:
        raise OutsideError(f"S3 at {host}: {_describe(str(error))}") from None


def _describe(report: str) -> str:
    if status := _STATUS.search(report):
        code = _CODE.search(report)
        return f"answers {status[1].strip()}{f' ({code[1]})' if code else ''}"
    for mark, meaning in _CAUSES.items():
        if mark in report:
            return meaning
    return visible(report.partition("\n")[0])
