"""One question, asked the same way of targets and of maintainers: which route serves an address."""

import pytest

from constat.model import Target
from constat.model.routes import choose_route, find_route

SERVED = [
    ("news@lists.maxony.example", "mail"),
    ("slack://token/of/ours", "apprise"),
    ("mailto://user:password@maxony.example", "apprise"),
    ("${CONSTAT_CHAT}", "apprise"),
    ("json://${CONSTAT_USER}@chat.maxony.example/", "apprise"),
]


@pytest.mark.parametrize(("address", "route"), SERVED)
def test_an_address_is_served_by_one_route(address: str, route: str) -> None:
    assert find_route(address) == choose_route(address) == route


@pytest.mark.parametrize("address", ["", "team", "+41 00 000 00 00", "$CONSTAT_CHAT"])
def test_invalid_address_has_no_route(address: str) -> None:
    assert find_route(address) is None
    with pytest.raises(ValueError, match="no route serves"):
        choose_route(address)


def test_a_target_knows_the_route_of_its_address() -> None:
    assert Target("list", "fr", (), (), "none", address="news@lists.maxony.example").route == "mail"
