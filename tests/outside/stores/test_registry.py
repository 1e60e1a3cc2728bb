"""A store is one file, one line, one shape of address, one test and one section of the docs; a failing test names what is missing."""

import re
from collections.abc import Mapping

import pytest

from constat.model.stores import STORE_MARKS, find_host, find_part, find_store
from outside.stores import dir as folder_store
from outside.stores import rsync, s3
from outside.stores.registry import STORES, Store, load_store
from tests.support.source_tree import ROOT

CONFORMING: Mapping[str, Store] = {"dir": folder_store, "rsync": rsync, "s3": s3}
"""Every store, for mypy to hold against the contract."""

DOCS = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STORES)
def test_store_is_complete(name: str) -> None:
    assert STORES[name] == f"outside.stores.{name}"
    assert (ROOT / f"tests/outside/stores/test_{name}.py").exists(), f"test it in test_{name}.py"
    assert name in STORE_MARKS, f"say in constat/model/stores.py which addresses {name} serves"
    assert re.search(rf"^### The store `{name}`\n", DOCS, re.MULTILINE), (
        f"docs/hosting.md: ### The store `{name}`"
    )
    assert callable(load_store(name).take)


def test_every_module_beside_the_registry_is_a_store() -> None:
    modules = {path.stem for path in (ROOT / "outside" / "stores").glob("*.py")}
    assert modules - {"__init__", "registry"} == set(STORES) == set(CONFORMING) == set(STORE_MARKS)


@pytest.mark.parametrize(
    ("address", "store", "host", "user"),
    [
        ("dir:/srv/status", "dir", "", ""),
        ("rsync://status@backup.example.org:8730/pages/status/", "rsync", "backup.example.org", "status"),
        ("rsync://[::1]/pages", "rsync", "[::1]", ""),
        ("rsync://backup.example.org/", None, "", ""),
        ("rsync://-oProxy@host/pages --delete", None, "", ""),
        ("s3://pages/status/", "s3", "", ""),
        ("s3://pages", "s3", "", ""),
        ("s3://pages/../other", None, "", ""),
        ("s3://-pages/status", None, "", ""),
        ("s3:bucket", None, "", ""),
        ("dir:", None, "", ""),
    ],
)
def test_address_selects_its_store(address: str, store: str | None, host: str, user: str) -> None:
    assert find_store(address) == store
    assert (find_part(address, "host"), find_part(address, "user")) == (host, user)


def test_host_that_gets_the_key_is_that_of_the_bucket() -> None:
    assert find_host("s3://pages", "https://s3.example.org:9000/") == "s3.example.org"
    assert find_host("s3://pages", region="eu-central-1") == "s3.eu-central-1.amazonaws.com"
    assert find_host("rsync://status@backup.example.org/pages/") == "backup.example.org"
