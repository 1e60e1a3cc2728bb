"""A client of Statuspage can read the page, and finds every key that it expects."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from statuspage_prometheus_exporter import service_checker

from constat import api
from constat.model import Notice, Outage, Standing, State, Status, Update
from constat.page import Group, Page, ShownService
from tests.support.page_objects import (
    API,
    LOOKING,
    MENDED,
    NOW,
    PLANNED,
    SMTP,
    make_incident,
    make_page,
    make_service,
    make_update,
    parse_time,
    present_notice,
    translate_notice,
)
from tests.support.site_server import serve_files
from tests.support.two_languages import LANGUAGES

BROKEN = make_incident("2026-11-23-smtp", LOOKING, MENDED._replace(state="monitoring"))
OVER = make_incident(
    "2026-11-02-api", make_update("2026-11-02 10:12", "resolved", "Fini."), services=("api",)
)
COMPONENT = [
    "id",
    "name",
    "status",
    "created_at",
    "updated_at",
    "position",
    "description",
    "showcase",
    "start_date",
    "group_id",
    "page_id",
    "group",
    "only_show_if_degraded",
]
INCIDENT = [
    "id",
    "name",
    "status",
    "created_at",
    "updated_at",
    "monitoring_at",
    "resolved_at",
    "impact",
    "shortlink",
    "started_at",
    "page_id",
    "incident_updates",
    "components",
    "reminder_intervals",
]


def full() -> Page:
    return make_page(
        [present_notice(PLANNED, "upcoming"), present_notice(BROKEN), present_notice(OVER, "past")]
    )


def read_documents(shown_page: Page) -> Mapping[str, Any]:
    files = api.build_statuspage_files(shown_page, LANGUAGES["fr"])
    return {
        path.removeprefix("api/v2/").removesuffix(".json"): json.loads(data) for path, data in files.items()
    }


def build_service(status: Status, *, disputed: bool = False, since: int | None = None) -> ShownService:
    return SMTP._replace(standing=Standing(status, newest=NOW, since=since, disputed=disputed))


def read_status(*services: ShownService) -> dict[str, str]:
    status: dict[str, str] = read_documents(make_page([], services))["status"]["status"]
    return status


def test_the_files_are_those_of_statuspages_public_api() -> None:
    assert sorted(api.build_statuspage_files(full(), LANGUAGES["fr"])) == [
        "api/v2/components.json",
        "api/v2/incidents.json",
        "api/v2/incidents/unresolved.json",
        "api/v2/scheduled-maintenances.json",
        "api/v2/scheduled-maintenances/active.json",
        "api/v2/scheduled-maintenances/upcoming.json",
        "api/v2/status.json",
        "api/v2/summary.json",
    ]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("summary", {"components", "incidents", "scheduled_maintenances", "status"}),
        ("status", {"status"}),
        ("components", {"components"}),
        ("incidents", {"incidents"}),
        ("incidents/unresolved", {"incidents"}),
        ("scheduled-maintenances", {"scheduled_maintenances"}),
        ("scheduled-maintenances/upcoming", {"scheduled_maintenances"}),
        ("scheduled-maintenances/active", {"scheduled_maintenances"}),
    ],
)
def test_every_key_is_present_even_if_there_is_nothing_to_list(name: str, keys: set[str]) -> None:
    document = read_documents(make_page([], []))[name]
    assert document.keys() == {"page"} | keys
    assert document["page"].keys() == {"id", "name", "url", "time_zone", "updated_at"}


def test_a_client_reads_the_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Prometheus exporter for Statuspage can read ours."""
    monkeypatch.chdir(tmp_path)
    down = make_page(
        [present_notice(PLANNED, "upcoming"), present_notice(BROKEN)], [build_service(Status.OUTAGE), API]
    )
    with serve_files(api.build_statuspage_files(down, LANGUAGES["fr"])) as site:
        summary = {"url": f"{site.url}api/v2/summary.json"}
        read = service_checker.check_status_page_service("maxony", summary)
    assert read["success"]
    assert read["raw_status"] == "major"
    assert [(part["name"], part["status"]) for part in read["component_metadata"]] == [
        ("Relais SMTP", "major_outage"),
        ("API", "operational"),
    ]
    (broken,) = read["incident_metadata"]
    assert (broken["id"], broken["status"]) == ("2026-11-23-smtp", "monitoring")
    assert broken["shortlink"] == "https://status.maxony.example/incidents/2026-11-23-smtp/"
    (planned,) = read["maintenance_metadata"]
    assert planned["scheduled_start"] == "2026-12-01T22:00:00.000+01:00"
    assert planned["scheduled_end"] == "2026-12-02T01:00:00.000+01:00"


def test_notice_appears_in_the_right_lists() -> None:
    documents = read_documents(full())
    ids = {
        name: [notice["id"] for notice in document.get("incidents", document.get("scheduled_maintenances"))]
        for name, document in documents.items()
        if name not in ("summary", "status", "components")
    }
    assert ids == {
        "incidents": ["2026-11-23-smtp", "2026-11-02-api"],
        "incidents/unresolved": ["2026-11-23-smtp"],
        "scheduled-maintenances": ["2026-12-01-relay"],
        "scheduled-maintenances/upcoming": ["2026-12-01-relay"],
        "scheduled-maintenances/active": [],
    }


def test_an_incident_has_all_keys_and_its_updates_newest_first() -> None:
    (notice,) = read_documents(full())["incidents/unresolved"]["incidents"]
    assert list(notice) == INCIDENT
    assert [(posted["status"], posted["body"]) for posted in notice["incident_updates"]] == [
        ("monitoring", "C'est réparé."),
        ("investigating", "Nous regardons."),
    ]
    assert notice["monitoring_at"] == "2026-11-23T12:12:00.000+01:00"
    assert notice["resolved_at"] is None
    assert notice["impact"] == "major"
    assert {posted["incident_id"] for posted in notice["incident_updates"]} == {notice["id"]}


def test_a_resolved_incident_says_when_it_was_resolved() -> None:
    assert (
        read_documents(full())["incidents"]["incidents"][1]["resolved_at"] == "2026-11-02T11:12:00.000+01:00"
    )


def read_changes(*updates: Update) -> list[list[tuple[str, str, str]]]:
    """The service, old and new status of each change of an incident's updates, newest first."""
    (notice,) = read_documents(make_page([present_notice(make_incident("2026-11-23-x", *updates), "past")]))[
        "incidents"
    ]["incidents"]
    return [
        [(part["code"], part["old_status"], part["new_status"]) for part in update["affected_components"]]
        for update in notice["incident_updates"]
    ]


def test_an_update_has_the_old_and_new_status_of_each_service() -> None:
    assert read_changes(*BROKEN.updates, make_update("2026-11-23 12:12", "resolved", "Fini.")) == [
        [("smtp", "major_outage", "operational")],
        [("smtp", "major_outage", "major_outage")],
        [("smtp", "operational", "major_outage")],
    ]


def test_an_update_can_add_and_remove_services() -> None:
    both = make_update("2026-11-23 10:30", "identified", "Les deux.")._replace(services=("smtp", "api"))
    last = make_update("2026-11-23 10:40", "monitoring", "Plus l'API.")._replace(services=("smtp",))
    assert read_changes(BROKEN.updates[0], both, last)[:2] == [
        [("smtp", "major_outage", "major_outage"), ("api", "major_outage", "operational")],
        [("smtp", "major_outage", "major_outage"), ("api", "operational", "major_outage")],
    ]


def test_a_maintenance_has_its_window() -> None:
    (notice,) = read_documents(full())["scheduled-maintenances"]["scheduled_maintenances"]
    assert list(notice) == [*INCIDENT, "scheduled_for", "scheduled_until"]
    assert notice["impact"] == "maintenance"
    assert notice["status"] == "scheduled"


@pytest.mark.parametrize(
    ("state", "status"),
    [("cancelled", "completed"), ("rescheduled", "scheduled"), ("in_progress", "in_progress")],
)
def test_states_that_statuspage_lacks_are_mapped_to_its_own(state: State, status: str) -> None:
    (notice,) = read_documents(make_page([present_notice(PLANNED, "open", state=state)]))[
        "scheduled-maintenances/active"
    ]["scheduled_maintenances"]
    assert notice["status"] == status


def test_a_component_has_all_keys_and_only_a_group_lists_its_services() -> None:
    grouped = replace(
        make_page(),
        groups=(
            Group({"fr": "Envoi", "en": "Sending"}, (SMTP,), Status.OPERATIONAL),
            *make_page([], [API]).groups,
        ),
    )
    group, smtp, other = read_documents(grouped)["components"]["components"]
    assert list(group) == [*COMPONENT, "components"]
    assert (group["group"], group["name"], group["components"]) == (True, "Envoi", ["smtp"])
    assert list(smtp) == list(other) == COMPONENT
    assert (smtp["group_id"], other["group_id"]) == (group["id"], None)


def test_a_group_keeps_its_id_when_another_one_is_added_before_it() -> None:
    sending = Group({"fr": "Envoi", "en": "Sending"}, (SMTP,), Status.OPERATIONAL)
    web = Group({"fr": "Web", "en": "Web"}, (API,), Status.OPERATIONAL)

    def read_ids(*groups: Group) -> dict[str, str]:
        parts = read_documents(replace(full(), groups=groups))["summary"]
        assert {part["group_id"] for part in parts["components"] if not part["group"]} == {
            component["group_id"] for notice in parts["incidents"] for component in notice["components"]
        } | {part["id"] for part in parts["components"] if part["group"]}
        return {part["name"]: part["id"] for part in parts["components"] if part["group"]}

    assert read_ids(sending) == {"Envoi": read_ids(web, sending)["Envoi"]}
    assert len(set(read_ids(web, sending).values())) == 2


def test_a_component_is_updated_when_it_recovers() -> None:
    """Also if an earlier time has the later wall clock, because the clocks went back in between."""
    ended = parse_time(
        "2026-10-25 01:10"
    )  # 02:10 in winter time; the other one ended at 02:40 in summer time
    outages = (
        Outage(parse_time("2026-10-25 00:30"), parse_time("2026-10-25 00:40"), 0, "refused", recovered=True),
        Outage(parse_time("2026-10-25 01:05"), ended, 0, "refused", recovered=True),
    )
    later, earlier = make_service("smtp", "Relais", outages[1]), make_service("api", "API", outages[0])
    grouped = replace(full(), groups=(Group({"": "Envoi"}, (earlier, later), Status.OPERATIONAL),))
    group, *_, smtp = read_documents(grouped)["components"]["components"]
    assert datetime.fromisoformat(smtp["updated_at"]).timestamp() == ended
    assert group["updated_at"] == smtp["updated_at"]


def test_names_are_unique() -> None:
    twice = [make_service("smtp", "Relais"), make_service("smtp2", "Relais"), API]
    names = [part["name"] for part in read_documents(make_page([], twice))["components"]["components"]]
    assert names == ["Relais (smtp)", "Relais (smtp2)", "API"]
    clashing = [
        make_service("smtp", "Relais"),
        make_service("smtp2", "Relais"),
        make_service("x", "Relais (smtp)"),
    ]
    names = [part["name"] for part in read_documents(make_page([], clashing))["components"]["components"]]
    assert names == ["Relais (smtp) (smtp)", "Relais (smtp2)", "Relais (smtp) (x)"]


def test_an_edit_updates_the_post_and_its_incident() -> None:
    edited = replace(
        present_notice(BROKEN), edits={("fr", "2026-11-23T10:12:00Z"): parse_time("2026-11-23 15:00")}
    )
    (notice,) = read_documents(make_page([edited]))["incidents"]["incidents"]
    assert notice["updated_at"] == "2026-11-23T16:00:00.000+01:00"
    assert [
        (posted["created_at"][11:16], posted["updated_at"][11:16]) for posted in notice["incident_updates"]
    ] == [
        ("12:12", "12:12"),
        ("11:12", "16:00"),
    ]


@pytest.mark.parametrize(
    ("shown_service", "status"),
    [
        (build_service(Status.OPERATIONAL), "operational"),
        (build_service(Status.MAINTENANCE), "under_maintenance"),
        (build_service(Status.DEGRADED), "degraded_performance"),
        (build_service(Status.OUTAGE), "major_outage"),
        (build_service(Status.OUTAGE, disputed=True), "partial_outage"),
        (build_service(Status.DEGRADED, disputed=True), "partial_outage"),
        (build_service(Status.OPERATIONAL, disputed=True), "operational"),
        (build_service(Status.NO_DATA), "degraded_performance"),
    ],
)
def test_an_outage_is_partial_only_if_vantages_disagree(shown_service: ShownService, status: str) -> None:
    assert read_documents(make_page([], [shown_service]))["components"]["components"][0]["status"] == status


@pytest.mark.parametrize(
    ("services", "indicator"),
    [
        ((build_service(Status.OPERATIONAL), API), "none"),
        ((build_service(Status.MAINTENANCE), API), "maintenance"),
        ((build_service(Status.NO_DATA), API), "minor"),
        ((build_service(Status.DEGRADED), API), "minor"),
        ((build_service(Status.OUTAGE, disputed=True), API), "major"),
        ((build_service(Status.OUTAGE), API), "major"),
        ((build_service(Status.OUTAGE),), "critical"),
        ((), "none"),
    ],
)
def test_the_indicator_is_that_of_the_gravest_service(
    services: tuple[ShownService, ...], indicator: str
) -> None:
    assert read_status(*services)["indicator"] == indicator


def test_the_description_says_since_when_there_is_no_data() -> None:
    silent = build_service(Status.NO_DATA, since=parse_time("2026-11-24 08:02"))
    assert read_status(silent, API)["description"] == (
        "Relais SMTP\u00a0: pas de mesure depuis le 24 novembre 2026, 9\u00a0h\u00a002 (heure de Zurich)."
    )
    assert read_status(API)["description"] == "Tout fonctionne."


def test_times_have_the_offset_of_their_own_date() -> None:
    """Zurich is UTC+1 in winter and UTC+2 in summer."""
    summer = make_incident("2026-07-01-smtp", make_update("2026-07-01 10:00", "resolved", "Fini."))
    (notice,) = read_documents(make_page([present_notice(summer, "past")]))["incidents"]["incidents"]
    assert notice["started_at"] == "2026-07-01T12:00:00.000+02:00"
    assert datetime.fromisoformat(notice["started_at"]).utcoffset() == timedelta(hours=2)


def test_a_file_holds_at_most_fifty_incidents() -> None:
    many = [
        present_notice(
            make_incident(f"2026-11-02-{n}", make_update("2026-11-02 10:12", "resolved", "Fini.")), "past"
        )
        for n in range(60)
    ]
    assert len(read_documents(make_page(many))["incidents"]["incidents"]) == 50


def _list_times(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if str(key).endswith("_at") and isinstance(inner, str):
                yield inner
            yield from _list_times(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _list_times(inner)


def test_every_time_is_valid_and_none_is_in_the_future() -> None:
    """Except those of an upcoming maintenance."""
    times = [
        datetime.fromisoformat(text)
        for text in _list_times(read_documents(make_page([present_notice(BROKEN)])))
    ]
    assert times
    assert all(moment.timestamp() <= NOW for moment in times)


def test_words_are_in_the_first_language() -> None:
    both: Notice = translate_notice(BROKEN, "en", "Delayed mail", "", *BROKEN.updates)
    assert (
        read_documents(make_page([present_notice(both)]))["incidents"]["incidents"][0]["name"]
        == "Envois retardés"
    )
