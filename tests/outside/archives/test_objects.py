"""A bucket as an archive of day files, when the server is not one to be trusted."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.archives.objects import read_days
from outside.archives.registry import Request
from outside.buckets import Bucket
from tests.support.http_threads import run_http_server

DAY = "2026/11/2026-11-23.csv"
BODY = b"x" * 3_000_000


@contextmanager
def serve_bucket(listed: int, *, endless: bool = False) -> Iterator[Request]:
    """Serve a bucket with one object of 3 MB, which is listed with a size; `endless`: the list goes on for ever."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(self.build_list() if "list-type" in self.path else BODY)

        def build_list(self) -> bytes:
            more = "<NextContinuationToken>more</NextContinuationToken>" if endless else ""
            entry = (
                f'<Contents><Key>{DAY}</Key><LastModified>2026-11-24T01:00:00Z</LastModified><ETag>"a"</ETag>'
                f"<Size>{listed}</Size></Contents>"
            )
            truncated = f"<IsTruncated>{str(endless).lower()}</IsTruncated>"
            return f"<ListBucketResult>{truncated}{entry}{more}</ListBucketResult>".encode()

        def reply(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", '"a"')
            self.send_header("Last-Modified", "Tue, 24 Nov 2026 01:00:00 GMT")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with run_http_server(Handler) as server:
        bucket = Bucket(f"http://127.0.0.1:{server.server_port}", "eu-central-1", "id", "key")
        yield Request("s3://old", (DAY,), Path(), {}, bucket=bucket)


def test_object_of_the_listed_size_is_read() -> None:
    with serve_bucket(len(BODY)) as request:
        assert list(read_days(request)) == [(DAY, BODY)]


def test_object_larger_than_listed_is_refused() -> None:
    with serve_bucket(len(BODY) - 1) as request, pytest.raises(OutsideError, match="larger than the 2999999"):
        list(read_days(request))


def test_object_larger_than_a_day_file_is_not_requested() -> None:
    with serve_bucket(10**12) as request, pytest.raises(OutsideError, match="more than a day file"):
        list(read_days(request))


def test_endless_list_ends_at_the_deadline() -> None:
    ticks = iter(range(0, 10_000, 300))
    with (
        serve_bucket(1, endless=True) as request,
        pytest.raises(OutsideError, match="not finished after 900 s"),
    ):
        list(read_days(request, lambda: next(ticks)))
