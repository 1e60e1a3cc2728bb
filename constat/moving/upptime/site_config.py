"""`.upptimerc.yml` at one time: the sites by slug, how often they were looked at, and how commits were worded."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from constat.errors import InputError
from constat.interval import MINUTE_S
from constat.moving.cron import CronError, parse_cron
from constat.moving.upptime.slugs import make_slug
from constat.text.yaml_source import Value, read_yaml_at

CONFIG: Final = ".upptimerc.yml"
DEFAULT_INTERVAL_S: Final = 5 * MINUTE_S

Table = Mapping[str, Value]


class SiteConfig(NamedTuple):
    """What one version of the configuration says. `faults`: what cannot be read; `readable` is false where nothing can."""

    content: Table
    sites: Mapping[str, Table]
    interval_s: int
    message: str
    faults: tuple[str, ...] = ()
    readable: bool = True


def parse_site_config(text: str) -> SiteConfig:
    """Read a version of the configuration; one that is not YAML has no sites, and a fault."""
    try:
        document = read_yaml_at(text, CONFIG)
    except InputError as error:
        return _refuse(f"it cannot be read: {error.problems[0].message}")
    content = as_table(document.data)
    if not content:
        return _refuse("it holds no settings")
    faults = [problem.message for problem in document.problems]
    interval_s = DEFAULT_INTERVAL_S
    schedule = get_word(as_table(content.get("workflowSchedule")), "uptime")
    if schedule:
        try:
            interval_s = parse_cron(schedule).interval_s
        except CronError as error:
            faults.append(f"workflowSchedule.uptime: {error}; taken as every 5 minutes")
    message = get_word(as_table(content.get("commitMessages")), "statusChange")
    return SiteConfig(content, _read_sites(content, faults), interval_s, message, tuple(faults))


def _refuse(fault: str) -> SiteConfig:
    return SiteConfig({}, {}, DEFAULT_INTERVAL_S, "", (fault,), readable=False)


def _read_sites(content: Table, faults: list[str]) -> dict[str, Table]:
    listed = content.get("sites")
    sites: dict[str, Table] = {}
    for number, site in enumerate(listed if isinstance(listed, list) else [], start=1):
        table = as_table(site)
        slug = get_word(table, "slug") or make_slug(get_word(table, "name"))
        if not slug:
            faults.append(f"site {number} has neither a name nor a slug: left out")
        elif slug in sites:
            faults.append(f"site {number} has the slug {slug} of another one: left out")
        else:
            sites[slug] = table
    return sites


def as_table(value: "Value | None") -> Table:
    """A mapping; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def get_word(table: Table, key: str) -> str:
    """A scalar as text; empty where there is none."""
    value = table.get(key)
    return value.strip() if isinstance(value, str) and value.strip() not in {"null", "~"} else ""


def get_words(table: Table, key: str) -> list[str]:
    """A list of scalars; a single one is a list of one."""
    value = table.get(key)
    listed = value if isinstance(value, list) else [value]
    return [each.strip() for each in listed if isinstance(each, str) and each.strip()]
