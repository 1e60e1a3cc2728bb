"""Subscribers are notified after the page is deployed, since every message links to it."""

from pathlib import Path

import pytest
import yaml

from tests.support.source_tree import ROOT

STARTER = ROOT / "examples/starter/.github/workflows/publish.yml"


def steps(path: Path) -> list[str]:
    """The steps of the only job of a workflow, each as text."""
    (job,) = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
    return [yaml.safe_dump(step) for step in job["steps"]]


@pytest.mark.parametrize(
    ("path", "telling"),
    [(ROOT / ".github/workflows/publish.yml", "generate.py notify"), (STARTER, "verb: tell")],
)
def test_page_is_deployed_before_subscribers_are_notified(path: Path, telling: str) -> None:
    in_order = steps(path)
    (notified,) = [number for number, step in enumerate(in_order) if telling in step]
    (deployed,) = [number for number, step in enumerate(in_order) if "actions/deploy-pages@" in step]
    assert deployed < notified


def test_action_notifies_only_on_request() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    telling = [
        step["if"] for step in action["runs"]["steps"] if " notify " in step.get("run", "").replace('"', " ")
    ]
    assert telling == ["inputs.verb == 'tell'"]
