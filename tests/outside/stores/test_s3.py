"""The store `s3://`, against a real S3 server, and against servers that refuse or say nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from constat.errors import OutsideError, UsageError
from constat.render.hosting import HEADERS
from outside.buckets import Bucket
from outside.site.publishing import MARKER
from outside.stores import s3
from outside.stores.registry import Consignment, Stored
from tests.support.command_line import generate_here
from tests.support.s3_server import BUCKET, run_s3_server
from tests.support.scripted_server import HEAR, SILENCE, Act, ScriptedServer
from tests.support.site_folder import write_folder
from tests.support.small_project import format_service, write_project
from tests.support.tcp_speakers import hold_closed_port

SITE = {
    MARKER: b"made by us",
    "_headers": HEADERS.encode(),
    "index.html": b"<p>one</p>",
    "api/v2/status.json": b"{}",
    "en/feed.rss": b"<rss/>",
    "evidence/2026/11/2026-11-23.csv.gz": b"\x1f\x8b",
    "files/a picture (1) é%20.png": b"png",
}
API = format_service("api", "kind: tcp, host: api.maxony.example, port: 443")
NOW = 4_000_000_000
"""Long after the server's own clock: a lock that it dates now is an old one."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with run_s3_server() as url:
        yield url


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


def _take(site: Path, endpoint: str, prefix: str, now: int = 0) -> Stored:
    bucket = Bucket(endpoint, "us-east-1", "AKIDEXAMPLE", "a-secret-key")
    return s3.take(Consignment(site, f"s3://{BUCKET}/{prefix}", site.parent, now=now, bucket=bucket))


def _client(endpoint: str) -> Any:
    """Another implementation, which judges ours."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="another-key",
    )


def _read(endpoint: str, prefix: str) -> dict[str, bytes]:
    """The objects below a prefix, by path."""
    client = _client(endpoint)
    listed = client.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", ())
    keys = [entry["Key"] for entry in listed]
    read = {key: client.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}
    return {key.removeprefix(prefix): data for key, data in read.items()}


def _put(endpoint: str, path: str, data: bytes = b"theirs") -> None:
    _client(endpoint).put_object(Bucket=BUCKET, Key=path, Body=data)


def test_the_bucket_holds_exactly_the_site(endpoint: str, tmp_path: Path) -> None:
    """What is new or changed is written, once; what is gone is deleted, and nothing beside the prefix."""
    _put(endpoint, "status2/index.html")
    site = write_folder(tmp_path / "site", SITE)
    assert _take(site, endpoint, "status") == Stored(len(SITE), 0)
    assert _read(endpoint, "status/") == SITE
    assert _take(site, endpoint, "status/") == Stored(0, 0)
    changed = {**SITE, "index.html": b"<p>two</p>"}
    del changed["api/v2/status.json"]
    assert _take(write_folder(tmp_path / "other", changed), endpoint, "status") == Stored(1, 1)
    assert _read(endpoint, "status/") == changed
    assert _read(endpoint, "status2/") == {"index.html": b"theirs"}


def test_every_object_has_its_content_type_and_cache_time(endpoint: str, tmp_path: Path) -> None:
    _take(write_folder(tmp_path / "site", SITE), endpoint, "typed")
    client = _client(endpoint)
    answers = {path: client.head_object(Bucket=BUCKET, Key=f"typed/{path}") for path in SITE}
    assert {answer["CacheControl"] for answer in answers.values()} == {"public, max-age=60"}
    assert {path: answer["ContentType"] for path, answer in answers.items()} == {
        MARKER: "application/octet-stream",
        "_headers": "application/octet-stream",
        "index.html": "text/html; charset=utf-8",
        "api/v2/status.json": "application/json; charset=utf-8",
        "en/feed.rss": "text/xml; charset=utf-8",
        "evidence/2026/11/2026-11-23.csv.gz": "application/gzip",
        "files/a picture (1) é%20.png": "image/png",
    }


def test_prefix_with_foreign_objects_is_refused(endpoint: str, tmp_path: Path) -> None:
    _put(endpoint, "theirs/photos/one.jpg")
    site = write_folder(tmp_path / "site", SITE)
    with pytest.raises(OutsideError, match=r"holds photos/one\.jpg, which Constat did not make"):
        _take(site, endpoint, "theirs")
    assert _read(endpoint, "theirs/") == {"photos/one.jpg": b"theirs"}


def test_second_upload_waits_unless_the_first_was_killed(endpoint: str, tmp_path: Path) -> None:
    _put(endpoint, f"locked/{s3.LOCK}", b"An upload is running.\n")
    site = write_folder(tmp_path / "site", SITE)
    with pytest.raises(OutsideError, match=r"another upload to s3://pages/locked is running since 20\d\d-"):
        _take(site, endpoint, "locked")
    assert list(_read(endpoint, "locked/")) == [s3.LOCK]
    assert _take(site, endpoint, "locked", NOW) == Stored(len(SITE), 0)
    assert _read(endpoint, "locked/") == SITE


def test_missing_bucket_is_reported_in_one_sentence(endpoint: str, tmp_path: Path) -> None:
    site = write_folder(tmp_path / "site", SITE)
    bucket = Bucket(endpoint, "us-east-1", "AKIDEXAMPLE", "a-secret-key")
    with pytest.raises(OutsideError) as caught:
        s3.take(Consignment(site, "s3://nobody/here", tmp_path, bucket=bucket))
    assert str(caught.value) == "S3 at 127.0.0.1: answers 404 Not Found (NoSuchBucket)"


def _answer(status: str, body: str = "") -> Act:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (
            _answer("403 Forbidden", "<Error><Code>AccessDenied</Code></Error>"),
            "answers 403 Forbidden (AccessDenied)",
        ),
        (_answer("503 Service Unavailable"), "answers 503 Service Unavailable"),
        (
            _answer("301 Moved Permanently"),
            "it sends us to another region: correct the region in status.yml",
        ),
        (SILENCE, "no answer in time"),
    ],
)
def test_refusing_or_hanging_server_is_reported_in_one_sentence(act: Act, said: str, tmp_path: Path) -> None:
    site = write_folder(tmp_path / "site", SITE)
    with ScriptedServer(HEAR, act) as server:
        bucket = Bucket(f"http://127.0.0.1:{server.port}", "us-east-1", "AKIDEXAMPLE", "a-secret-key")
        with pytest.raises(OutsideError) as caught:
            s3.take(Consignment(site, "s3://pages", tmp_path, bucket=bucket), s3.Limits(request_s=0.2))
    assert str(caught.value) == f"S3 at 127.0.0.1: {said}"


def test_unreachable_server_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with hold_closed_port() as port:
        bucket = Bucket(f"http://127.0.0.1:{port}", "us-east-1", "AKIDEXAMPLE", "a-secret-key")
        with pytest.raises(OutsideError, match=r"^S3 at 127\.0\.0\.1: connection refused$"):
            s3.take(Consignment(tmp_path, "s3://pages", tmp_path, bucket=bucket), s3.Limits(request_s=0.2))


def test_overlong_upload_ends_and_releases_its_lock(endpoint: str, tmp_path: Path) -> None:
    """The clock jumps by ten minutes whenever it is asked."""
    site = write_folder(tmp_path / "site", SITE)
    bucket = Bucket(endpoint, "us-east-1", "AKIDEXAMPLE", "a-secret-key")
    slow = s3.Limits(clock=iter(range(0, 60_000, 600)).__next__)
    with pytest.raises(OutsideError, match=r"not finished after 900 s"):
        s3.take(Consignment(site, f"s3://{BUCKET}/slow", tmp_path, bucket=bucket), slow)
    assert _take(site, endpoint, "slow").written > 0


def test_no_request_is_made_without_a_key(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no key for the bucket"):
        s3.take(Consignment(tmp_path, "s3://pages", tmp_path, bucket=Bucket("http://127.0.0.1:9")))


def test_key_is_taken_from_the_environment_and_never_printed(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that `status.yml` names, or, if it names none, that of the job."""
    monkeypatch.setenv("CONSTAT_S3_KEY", "a-secret-key")
    written = f"publish: {{to: 's3://{BUCKET}/verb', endpoint: '{endpoint}'"
    key = ", user: AKIDEXAMPLE, password: '${CONSTAT_S3_KEY}'}\nsecrets: {CONSTAT_S3_KEY: [127.0.0.1]}"
    write_folder(tmp_path / "site", SITE)
    write_project(tmp_path, API, more=f"{written}}}")
    without = generate_here("upload", "--root", str(tmp_path))
    assert (without.returncode, "there is no key for the bucket" in without.stderr) == (2, True)
    write_project(tmp_path, API, more=written + key)
    done = generate_here("upload", "--root", str(tmp_path))
    assert f"s3://pages/verb: {len(SITE)} files written, 0 deleted" in done.stderr
    assert "a-secret-key" not in done.stdout + done.stderr
    write_project(tmp_path, API, more=f"{written}}}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDJOB")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-job's")
    again = generate_here("upload", "--root", str(tmp_path))
    assert "0 files written, 0 deleted" in again.stderr


def test_aws_environment_variables_do_not_redirect_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library would go to another server, sign with a token of somebody else, or not sign at all."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-another-key")
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    with ScriptedServer(*[HEAR] * 8, _answer("403 Forbidden")) as server:
        bucket = Bucket(f"http://127.0.0.1:{server.port}", "us-east-1", "AKIDEXAMPLE", "a-secret-key")
        with pytest.raises(OutsideError, match="403"):
            s3.take(Consignment(tmp_path, "s3://pages", tmp_path, bucket=bucket))
    heard = b"\n".join(server.heard)
    assert b"Credential=AKIDEXAMPLE/" in heard
    assert b"x-amz-security-token" not in heard
