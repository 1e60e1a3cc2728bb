"""A real Prometheus below a path of its own, and behind a user and a password, is asked as any other."""

import time
from pathlib import Path

import yaml

from tasks.collect import Collector
from tasks.look import plan_look
from tasks.project import Project
from tests.support.look_recorder import LookRecorder
from tests.support.prometheus_stack import Exporter, Prometheus, probe_job
from tests.support.small_project import read_rows, write_project
from tests.support.source_tree import ROOT

PASSWORD = "swordfish"
HASHED = "$2b$04$Aju6YXiJDpdNLRXUJkcD5ey4juW5Nh7OJ.TkwTPZoaEhB8.wmaYFO"


def collect(root: Path, url: str, password: str) -> list[str]:
    """Collect once; what was reported."""
    signing = "basic: {username: status, password: '${CONSTAT_PASSWORD}'}, unencrypted: true"
    source = f"{{id: engine, kind: prometheus, url: '{url}', query: probe_success, every: 1s, {signing}}}"
    checked = (
        "  - {id: web, name: Web, checks: [{name: home, kind: http, url: 'http://127.0.0.1/', via: engine}]}"
    )
    more = f"secrets: {{CONSTAT_PASSWORD: [127.0.0.1]}}\nsources:\n  - {source}\n"
    write_project(root, checked, more=more)
    listener = LookRecorder()
    plan = plan_look(Project(root, ROOT, int(time.time())), {"CONSTAT_PASSWORD": password})
    Collector(time.time, listener).collect(plan)
    return listener.troubles


def test_a_prefix_is_written_in_the_address_and_the_password_is_a_secret(tmp_path: Path) -> None:
    (tmp_path / "web.yml").write_text(yaml.safe_dump({"basic_auth_users": {"status": HASHED}}))
    exporter = Exporter(tmp_path)
    exporter.start()
    try:
        job = probe_job("here", exporter.address, {("web", "home"): f"http://{exporter.address}/"})
        more = ["--web.route-prefix=/prom", f"--web.config.file={tmp_path / 'web.yml'}"]
        prometheus = Prometheus(tmp_path, [job], more=more)
        with prometheus.running():
            root = tmp_path / "project"
            root.mkdir()
            deadline = time.monotonic() + 20
            while not (root / "history").exists() and time.monotonic() < deadline:
                assert collect(root, f"{prometheus.url}/prom/", PASSWORD) == []
                time.sleep(0.3)
            assert {row["outcome"] for row in read_rows(root)} == {"up"}
            [refused] = collect(root, f"{prometheus.url}/prom", "wrong")
            assert refused.endswith("/prom answers with status 401: it does not say why")
            [elsewhere] = collect(root, prometheus.url, PASSWORD)
            assert "answers with status 404" in elsewhere
            assert "the address below which api/v1/query is" in elsewhere
    finally:
        exporter.kill()
