"""A page of very many services with different histories, made from values so that no evidence has to be read."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from constat.interval import DAY_S, MINUTE_S
from constat.model import Day, Seconds, Status
from constat.page import Group, Page, ShownService
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import build_scene_page

PER_GROUP = 25
WORDS = (
    "Gateway",
    "Relay",
    "Archive",
    "Webhook",
    "Report",
    "Console",
    "Mailbox",
    "Export",
    "Search",
    "Queue",
)
PLACES = ("Zurich", "Geneva", "Paris", "Madrid", "Milan", "Lisbon", "Vienna", "Bern", "Lyon", "Turin")


def make_page_of_many(number: int) -> Page:
    """Make a page of this many services in groups of 25: each had three bad days, and one service is down."""
    chance, base = Random(number), build_scene_page(SCENES["fifty"])  # noqa: S311 -- a past, not a secret
    made = [_make(base.services[0], place, chance) for place in range(number)]
    down = base.services[7].standing
    made[number // 2] = made[number // 2]._replace(standing=down)
    groups = tuple(
        Group(
            {"": f"Region {first // PER_GROUP}"},
            tuple(made[first : first + PER_GROUP]),
            Status.OUTAGE if first <= number // 2 < first + PER_GROUP else Status.OPERATIONAL,
        )
        for first in range(0, number, PER_GROUP)
    )
    return replace(base, groups=groups)


def _make(service: ShownService, place: int, chance: Random) -> ShownService:
    name = f"{WORDS[place % 10]} {PLACES[place // 10 % 10]} {place}"
    bad = dict(_choose_days(service, chance))
    days = tuple(bad.get(index, day) for index, day in enumerate(service.days))
    return service._replace(id=f"s{place:04}", name={"": name}, days=days)


def _choose_days(service: ShownService, chance: Random) -> Iterator[tuple[int, Day]]:
    for index in chance.sample(range(len(service.days)), 3):
        lasted = chance.randrange(1, 300) * MINUTE_S
        if chance.random() < 0.5:
            seconds, status = Seconds(up=DAY_S - lasted, down=lasted), Status.OUTAGE
        else:
            seconds, status = Seconds(up=DAY_S - lasted, degraded=lasted), Status.DEGRADED
        yield index, service.days[index]._replace(seconds=seconds, status=status)
