"""A secret that a check sends, and the job's token, are nowhere in what a full run writes: neither files nor git nor logs."""

import base64
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.conftest import Stage

SECRET = "planted-7f3a91c5"
TOKEN = "a-token-of-the-job"
SETTINGS = """
page: {{id: a, name: A, url: "https://status.example.org/", languages: [en], timezone: UTC}}
monitor: {{vantage: gha, confirm: {{attempts: 1, delay: 0s}}}}
secrets: {{CONSTAT_SMTP_PASSWORD: [127.0.0.1]}}
sla: {{target: 99}}
services:
  - id: echo
    name: Echo
    interval: 1m
    checks:
      - name: home
        kind: http
        url: "http://127.0.0.1:{port}/"
        bearer: "${{CONSTAT_SMTP_PASSWORD}}"
        unencrypted: true
        timeout: 20s
"""


def read_everything_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder, and every object of every git repository below it, unpacked."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()
        if path.name == "objects" and (path.parent / "HEAD").exists():
            every = ["git", "--git-dir", str(path.parent), "cat-file", "--batch-all-objects", "--batch"]
            done = subprocess.run(every, check=True, capture_output=True)  # noqa: S603 (our own words)
            yield f"the objects of {path.parent}", done.stdout


def test_planted_secret_appears_in_nothing_a_run_writes(stage: Stage, echo: tuple[int, list[str]]) -> None:
    port, heard = echo
    stage.merge("status.yml", SETTINGS.format(port=port))
    given = {"CONSTAT_SMTP_PASSWORD": SECRET}
    watch, publish = (stage.run(workflow, workflow, secrets=given) for workflow in ("watch", "publish"))
    assert (watch.failed, publish.failed) == ("", "")
    assert f"Bearer {SECRET}" in heard
    assert ",echo,home,down," in stage.remote.read_text("2026/11/2026-11-24.csv")
    logs = json.dumps(
        [watch.output, publish.output, watch.summary(), stage.github.list_dispatches("publish")]
    )
    everything = [*read_everything_below(stage.folder), ("the logs", logs.encode())]
    assert any(name.endswith("artifact/index.html") for name, _ in everything)
    encoded = base64.b64encode(f"x-access-token:{TOKEN}".encode())
    for needle in (SECRET.encode(), base64.b64encode(SECRET.encode()), TOKEN.encode(), encoded):
        assert [name for name, data in everything if needle in data] == []
