"""An incident that nobody closed is reported; it never closes itself."""

import pytest

from constat.interval import Stretch
from constat.model import Notice, NoticeText, Outcome, Update
from constat.notices import Forgotten, find_up_since
from constat.notices import find_forgotten as judged

NOW = 1_800_000_000
HOUR = 3600
UP, DOWN, UNKNOWN = Outcome.UP, Outcome.DOWN, Outcome.UNKNOWN


def incident(*updates: tuple[float, str], services: tuple[str, ...] = ("smtp",)) -> Notice:
    """An open incident; each update is given by the hours that have passed since, and its state."""
    posts = tuple(Update(NOW - int(ago * HOUR), state, "", "") for ago, state in updates)  # type: ignore[arg-type]
    texts = {"fr": NoticeText("fr", "x", "", "", posts)}
    return Notice("x", "incident", services, "major", posts[0].at, None, None, texts, posts)


def states(*stretches: tuple[float, float, Outcome]) -> tuple[Stretch[Outcome], ...]:
    """What was measured, by hours before now."""
    return tuple(
        Stretch(NOW - int(start * HOUR), NOW - int(end * HOUR), value) for start, end, value in stretches
    )


def find_forgotten(
    notice: Notice, measured: dict[str, tuple[Stretch[Outcome], ...]], now: int
) -> Forgotten | None:
    return judged(notice, {service: find_up_since(track, now) for service, track in measured.items()}, now)


RECOVERED = states((10, 3, DOWN), (3, 0, UP))


def test_incident_up_for_two_hours_without_update_is_forgotten() -> None:
    assert find_forgotten(incident((8, "investigating")), {"smtp": RECOVERED}, NOW) == Forgotten(
        "measured_up", NOW - 3 * HOUR
    )


def test_update_within_two_hours_keeps_an_incident_open() -> None:
    """Our team may see what our checks do not."""
    assert (
        find_forgotten(incident((8, "investigating"), (1.5, "monitoring")), {"smtp": RECOVERED}, NOW) is None
    )


@pytest.mark.parametrize(
    "measured",
    [
        states((10, 1, DOWN), (1, 0, UP)),
        states((10, 0, DOWN)),
        states((10, 1.9, DOWN), (1.9, 0, UP)),
        states((10, 3, DOWN), (3, 1, UP), (1, 0, UNKNOWN)),
        (),
    ],
    ids=["up for an hour", "down", "up for not quite two hours", "hardly observed", "never observed"],
)
def test_service_in_unknown_state_is_not_forgotten(measured: tuple[Stretch[Outcome], ...]) -> None:
    assert find_forgotten(incident((8, "investigating")), {"smtp": measured}, NOW) is None


def test_incident_is_forgotten_only_if_all_services_are_up() -> None:
    two = incident((8, "investigating"), services=("smtp", "api"))
    still_down = {"smtp": RECOVERED, "api": states((10, 0, DOWN))}
    assert find_forgotten(two, still_down, NOW) is None
    both = {"smtp": RECOVERED, "api": states((10, 4, DOWN), (4, 0, UP))}
    assert find_forgotten(two, both, NOW) == Forgotten("measured_up", NOW - 3 * HOUR)


def test_a_day_without_an_update_is_forgotten_whatever_is_measured() -> None:
    assert find_forgotten(incident((24, "identified")), {"smtp": states((30, 0, DOWN))}, NOW) == Forgotten(
        "silent", NOW - 24 * HOUR
    )
    assert find_forgotten(incident((23.9, "identified")), {"smtp": states((30, 0, DOWN))}, NOW) is None


def test_resolved_incident_is_not_forgotten() -> None:
    for last in ("resolved", "postmortem"):
        assert find_forgotten(incident((90, "identified"), (80, last)), {"smtp": RECOVERED}, NOW) is None
