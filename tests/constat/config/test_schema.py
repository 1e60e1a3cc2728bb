"""The JSON Schema that editors read is made from the types that validate, and says what every key means."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checks.registry import KINDS, load_kind
from constat import config
from constat.config.schema import build_schema
from tests.support.source_tree import ROOT

COMMITTED = ROOT / "docs" / "status.schema.json"
CURRENT = build_schema(KINDS, load_kind)


def properties(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key of a schema, by its way from the top."""
    if isinstance(value, dict):
        for name, inner in value.get("properties", {}).items():
            yield f"{path}.{name}", inner
        for name, inner in value.items():
            yield from properties(inner, f"{path}.{name}")


def test_the_committed_schema_is_current() -> None:
    """Make it anew with: make schema."""
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == CURRENT


def test_every_key_is_described() -> None:
    keys = list(properties(CURRENT))
    assert len(keys) > 500
    assert [path for path, inner in keys if not _describe(inner)] == []


def _describe(inner: dict[str, Any]) -> str | None:
    reference = inner.get("$ref", "").rsplit("/", 1)[-1]
    text: str | None = inner.get("description") or CURRENT["$defs"].get(reference, {}).get("description")
    return text


def keeps_to_the_schema(path: Path) -> bool:
    """Ask an independent validator, which reads YAML as editors do."""
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(COMMITTED), str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - our own words


def test_schema_has_every_kind_with_its_options() -> None:
    assert {f"check.{name}" for name in KINDS} <= set(CURRENT["$defs"])


def test_the_projects_own_status_yml_names_the_schema_and_keeps_to_it() -> None:
    text = (ROOT / "status.yml").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=docs/status.schema.json"
    assert keeps_to_the_schema(ROOT / "status.yml")


def test_own_status_yml_describes_maxony() -> None:
    """Five services at their promised intervals, every host under a name that is reserved for examples."""
    loaded = config.load_config(
        (ROOT / "status.yml").read_text(encoding="utf-8"), "status.yml", KINDS, load_kind
    )
    intervals = {service.id: service.rules.interval_s for service in loaded.services}
    assert intervals == {"website": 300, "applications": 60, "api": 60, "smtp": 60, "sms": 60}
    assert all(service.rules.target == 99 and service.rules.maintenance.counts for service in loaded.services)


def test_schema_rejects_what_validation_refuses(tmp_path: Path) -> None:
    text = (ROOT / "status.yml").read_text(encoding="utf-8").replace("    interval: 5m", "    intervall: 5m")
    (tmp_path / "status.yml").write_text(text, encoding="utf-8")
    assert not keeps_to_the_schema(tmp_path / "status.yml")
