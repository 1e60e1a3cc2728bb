"""Where two statements differ, in words that name the figure."""

from typing import Any

import pytest

from constat.statement import find_differences

STATED: dict[str, Any] = {
    "month": "2026-10",
    "frozen_at": "2026-11-04T00:00:00Z",
    "services": [
        {"id": "smtp", "seconds": {"up": 10, "down": 2}, "outages": [{"start": "a", "reason": "refused"}]},
        {"id": "api", "seconds": {"up": 12, "down": 0}, "outages": []},
    ],
    "evidence": [{"path": "2026/10/2026-10-01.csv", "sha256": "aa"}, {"path": "register.jsonl", "lines": 3}],
    "supersedes": None,
}


def _told(**changes: Any) -> list[str]:
    return [str(difference) for difference in find_differences(STATED, {**STATED, **changes})]


SMTP, API = STATED["services"]

CASES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"frozen_at": "2026-12-24T00:00:00Z"}, []),
    ({"month": "2026-09"}, ["month: frozen 2026-10, recomputed 2026-09"]),
    (
        {"services": [{**SMTP, "seconds": {"up": 9, "down": 3}}, API]},
        ["smtp seconds.up: frozen 10, recomputed 9", "smtp seconds.down: frozen 2, recomputed 3"],
    ),
    ({"services": [SMTP]}, ["api: frozen something else, recomputed nothing"]),
    (
        {"services": [{**SMTP, "outages": [{"start": "a", "reason": "timeout"}]}, API]},
        ["smtp outages[a].reason: frozen refused, recomputed timeout"],
    ),
    (
        {"services": [{**SMTP, "outages": []}, API]},
        ["smtp outages[a]: frozen something else, recomputed nothing"],
    ),
    ({"services": [API, SMTP]}, ["services: order: frozen smtp, api, recomputed api, smtp"]),
    (
        {"services": [{**SMTP, "seconds": {"down": 2, "up": 10}}, API]},
        ["smtp seconds: order of keys: frozen up, down, recomputed down, up"],
    ),
    (
        {"evidence": [{"path": "2026/10/2026-10-01.csv", "sha256": "bb"}, STATED["evidence"][1]]},
        ["evidence[2026/10/2026-10-01.csv].sha256: frozen aa, recomputed bb"],
    ),
    ({"supersedes": {"why": "so"}}, ["supersedes: frozen nothing, recomputed something else"]),
]


@pytest.mark.parametrize(("changes", "told"), CASES, ids=range(len(CASES)))
def test_a_difference_names_the_figure_and_both_values(changes: dict[str, Any], told: list[str]) -> None:
    assert _told(**changes) == told
