"""`/metrics` as programs read it: Prometheus' own parsers of both formats, and the examples that use it."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
import yaml
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from constat.metrics import PATH, build_files
from constat.model import Status
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import build_scene_page
from tests.support.source_tree import ROOT

EXAMPLES = ROOT / "examples" / "prometheus"
PAGE = build_scene_page(SCENES["outage-explained"])
TEXT = build_files(PAGE)[PATH].decode()
Values = dict[tuple[str, ...], float]


def read_openmetrics(text: str) -> list[Any]:
    """The families of a text by the parser of OpenMetrics, which is stricter."""
    return list(openmetrics.text_string_to_metric_families(text))  # type: ignore[no-untyped-call]


def values(name: str, *labels: str) -> Values:
    """The values of a metric by some of its labels."""
    families = {family.name: family for family in read_openmetrics(TEXT)}
    return {
        tuple(sample.labels[label] for label in labels): sample.value for sample in families[name].samples
    }


@pytest.mark.parametrize("scene", SCENES)
def test_both_formats_read_the_same_gauges_in_every_state(scene: str) -> None:
    text = build_files(build_scene_page(SCENES[scene]))[PATH].decode()
    read = [(list(family.samples), family.type) for family in read_openmetrics(text)]
    assert read == [(list(family.samples), family.type) for family in read_text(text)]
    assert {kind for _, kind in read} == {"gauge"}
    assert text.endswith("# EOF\n")


def test_each_service_is_in_the_one_state_that_the_page_shows() -> None:
    states = values("constat_service_state", "service", "state")
    assert states == {
        (service.id, status.value): float(service.standing.status is status)
        for service in PAGE.services
        for status in Status
    }


def test_figures_are_those_of_the_month_in_progress() -> None:
    shares = values("constat_service_month_availability_ratio", "service", "over")
    left = values("constat_service_allowance_left_seconds", "service")
    made = values("constat_service_month_checks_made", "service", "vantage")
    for service in PAGE.services:
        month = service.month
        assert month.all.availability is not None
        assert shares[service.id, "all"] == float(month.all.availability)
        assert month.budget is not None
        assert left[service.id,] == month.budget.left_s
        assert {place: count.made for place, count in month.vantages.items()} == {
            place: value for (name, place), value in made.items() if name == service.id
        }
    assert set(values("constat_service_promised_ratio", "service").values()) <= {float(Decimal("0.99"))}
    assert values("constat_build_timestamp_seconds") == {(): PAGE.now}


def test_the_examples_ask_for_metrics_that_exist() -> None:
    known = set(re.findall(r"^# TYPE (\S+)", TEXT, re.MULTILINE))
    dashboard = json.loads((EXAMPLES / "dashboard.json").read_text())
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    rules = yaml.safe_load((EXAMPLES / "alerts.yml").read_text())
    asked += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    named = {name for expression in asked for name in re.findall(r"constat_\w+", expression)}
    assert named <= known
    assert len(named) > 6
    scrape = yaml.safe_load((EXAMPLES / "prometheus.yml").read_text())
    assert scrape["scrape_configs"][0]["metrics_path"] == f"/{PATH}"
