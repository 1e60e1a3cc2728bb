"""The configuration of a site of cState: its title, address and zone, and the systems that become services."""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from constat.interval import UTC_ZONE
from constat.moving.cstate.front_matter import as_text, lower_keys, show
from constat.moving.foreign_times import find_zone
from constat.moving.model import Finding, MovedService
from constat.text.safe_json import load_json
from constat.text.yaml_source import Value, read_yaml_at

_SYSTEM_KEYS: Final = frozenset({"name", "description", "category", "link", "histogram"})
_LISTS: Final = ("systems", "categories")
_USED: Final = frozenset(
    ["title", "baseurl", "languagecode", "defaultcontentlanguage", "timezone", "permalinks", "params"]
)
_CATEGORY_KEYS: Final = frozenset({"name", "untitled"})


class SiteSettings(NamedTuple):
    """What the configuration says. `zone`: the one in which times without an offset are read."""

    title: str = ""
    base_url: str = ""
    language: str = ""
    zone_name: str = ""
    zone: ZoneInfo = UTC_ZONE
    services: tuple[MovedService, ...] = ()
    findings: tuple[Finding, ...] = ()
    permalink: str = ""


def read_settings(name: str, text: str) -> SiteSettings:
    """Read a configuration as YAML, TOML or JSON, by the name of its file.

    Raises:
        InputError: it is not valid YAML.
        ValueError: it is not valid TOML or JSON.

    """
    data = lower_keys(_parse(name, text))
    params = data.get("params")
    params = lower_keys(params) if isinstance(params, dict) else {}
    services, findings = _read_systems(name, params)
    findings = (*findings, *_report_settings(name, data, params))
    zone_name = _get_text(data, "timezone")
    zone = find_zone(zone_name)
    if zone_name and zone is None:
        findings += (
            Finding(
                name, f"the time zone {zone_name}, which is unknown", "read times without an offset as UTC"
            ),
        )
    return SiteSettings(
        title=_get_text(data, "title"),
        base_url=_get_text(data, "baseurl"),
        language=_get_text(data, "languagecode") or _get_text(data, "defaultcontentlanguage"),
        zone_name=zone_name if zone else "",
        zone=zone or UTC_ZONE,
        services=services,
        findings=findings,
        permalink=_find_permalink(data),
    )


def _parse(name: str, text: str) -> Value:
    text = text.removeprefix("\ufeff")
    if name.endswith(".toml"):
        return as_text(tomllib.loads(text))
    if name.endswith(".json"):
        return as_text(load_json(text.encode()))
    return read_yaml_at(text, name).data


def _get_text(data: Mapping[str, Value], key: str) -> str:
    value = data.get(key, "")
    return value.strip() if isinstance(value, str) else ""


def _find_permalink(data: Mapping[str, Value]) -> str:
    permalinks = data.get("permalinks")
    value = lower_keys(permalinks).get("issues", "") if isinstance(permalinks, dict) else ""
    return value if isinstance(value, str) else ""


def _list_entries(params: Mapping[str, Value], key: str) -> list[dict[str, Value]]:
    """The tables of a list; a bare name counts as a table with that name."""
    value = params.get(key)
    listed = value if isinstance(value, list) else []
    tables: list[dict[str, Value]] = [
        {"name": each} if isinstance(each, str) else lower_keys(each) for each in listed
    ]
    return [table for table in tables if _get_text(table, "name")]


def _report_settings(name: str, data: Mapping[str, Value], params: Mapping[str, Value]) -> Sequence[Finding]:
    """Report every other setting of the site: some are words that its readers saw."""
    others = [(key, value) for key, value in data.items() if key not in _USED]
    others += [(f"params.{key}", value) for key, value in params.items() if key not in _LISTS]
    return [
        Finding(name, f"{key}: {show(value)}", "not imported: there is no equivalent here")
        for key, value in others
        if value not in ("", [], {})
    ]


def _read_systems(
    name: str, params: Mapping[str, Value]
) -> tuple[tuple[MovedService, ...], tuple[Finding, ...]]:
    """Read the systems in the order of the page: by category, then as they are listed."""
    categories = {_get_text(each, "name"): each for each in _list_entries(params, "categories")}
    findings = [*_report_categories(name, categories)]
    systems: dict[str, dict[str, Value]] = {}
    for system in _list_entries(params, "systems"):
        if _get_text(system, "name") in systems:
            findings.append(
                Finding(name, f"the system {_get_text(system, 'name')} a second time", "kept the first")
            )
        else:
            systems[_get_text(system, "name")] = system
    order = {category: number for number, category in enumerate(categories)}
    listed = sorted(systems.values(), key=lambda each: order.get(_get_text(each, "category"), len(order)))
    for system in listed:
        findings += _report_system(name, system, categories)
    return tuple(_read_system(system, categories) for system in listed), tuple(findings)


def _report_categories(name: str, categories: Mapping[str, Mapping[str, Value]]) -> Sequence[Finding]:
    return [
        Finding(
            name,
            f"{key}: {show(value)} of the category {category}",
            "not imported: there is no equivalent here",
        )
        for category, table in categories.items()
        for key, value in table.items()
        if key not in _CATEGORY_KEYS
    ]


def _report_system(
    name: str, system: Mapping[str, Value], categories: Mapping[str, Mapping[str, Value]]
) -> Sequence[Finding]:
    title, category = _get_text(system, "name"), _get_text(system, "category")
    findings = [
        Finding(
            name, f"{key}: {show(value)} of the system {title}", "not imported: there is no equivalent here"
        )
        for key, value in system.items()
        if key not in _SYSTEM_KEYS and not key.startswith("hidebelow")
    ]
    if category and category not in categories:
        findings.append(
            Finding(name, f"the category {category} of {title}, which is not listed", "imported as a group")
        )
    return findings


def _read_system(system: Mapping[str, Value], categories: Mapping[str, Mapping[str, Value]]) -> MovedService:
    name, category = _get_text(system, "name"), _get_text(system, "category")
    untitled = _get_text(categories.get(category, {}), "untitled").lower() in ("true", "yes")
    return MovedService(
        key=name,
        name=name,
        group="" if untitled else category,
        description=" ".join(_get_text(system, "description").split()),
        link=_get_text(system, "link"),
    )
