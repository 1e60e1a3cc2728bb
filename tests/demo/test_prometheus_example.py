"""The example with Prometheus: each program that reads a file of it says that the file is right."""

import json
import subprocess
from pathlib import Path

import pytest

from checks.registry import KINDS, load_kind
from constat import config
from constat.metrics import PATH, build_files
from demo.certificates import build_server_context
from demo.maxony import serve_maxony
from demo.prometheus import EXAMPLE, EXPORTERS, PROMETHEUS, build_commands, lay_down, list_targets
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import build_scene_page
from tests.support.required_programs import needs


def run(*words: str, text: str = "") -> None:
    """Run a program that must be content with what it reads."""
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    with serve_maxony(build_server_context()) as maxony:
        lay_down(folder, list_targets(maxony))
    return folder


def test_prometheus_accepts_its_configuration(folder: Path) -> None:
    run(needs("promtool", "prometheus"), "check", "config", str(folder / "probing.yml"))


@pytest.mark.parametrize("name", ["alerts.yml"])
def test_prometheus_accepts_the_rules(name: str) -> None:
    run(needs("promtool", "prometheus"), "check", "rules", str(EXAMPLE / name))


def test_exporter_accepts_its_modules(folder: Path) -> None:
    program = needs("prometheus-blackbox-exporter", "prometheus-blackbox-exporter")
    run(program, "--config.check", f"--config.file={folder / 'blackbox.yml'}")


def test_every_target_is_a_check_of_the_page_and_every_check_a_target(folder: Path) -> None:
    text = (folder / "status.yml").read_text(encoding="utf-8")
    settings = config.load_config(text, "status.yml", KINDS, load_kind)
    filled = {(service.id, check.name) for service in settings.services for check in service.checks}
    targets = json.loads((folder / "targets.json").read_text(encoding="utf-8"))
    assert filled == {(each["labels"]["service"], each["labels"]["check"]) for each in targets}
    assert {check.via for service in settings.services for check in service.checks} == {"prometheus"}
    assert settings.sources[0].url == f"http://{PROMETHEUS}"


def test_started_services_match_the_configuration(folder: Path) -> None:
    programs = {name: name for name in ("prometheus", "prometheus-blackbox-exporter")}
    words = [word for command in build_commands(folder, programs) for word in command]
    probing = (folder / "probing.yml").read_text(encoding="utf-8")
    for address in EXPORTERS:
        assert f"--web.listen-address={address}" in words
        assert f'"{address}"' in probing


def test_writing_the_example_again_keeps_the_evidence(tmp_path: Path) -> None:
    lay_down(tmp_path, [])
    (tmp_path / "history").mkdir()
    lay_down(tmp_path, [])
    assert (tmp_path / "history").is_dir()


@pytest.mark.parametrize("scene", ["outage-explained", "first-day"])
def test_promtool_finds_nothing_wrong_with_the_metrics_of_a_page(scene: str) -> None:
    text = build_files(build_scene_page(SCENES[scene]))[PATH].decode()
    run(needs("promtool", "prometheus"), "check", "metrics", text=text)
