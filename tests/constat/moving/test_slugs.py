"""Slugs as Upptime makes them."""

import pytest

from constat.moving.upptime.slugs import make_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("GitHub", "git-hub"),
        ("MySQL Playground", "my-sql-playground"),
        ("Manual (dev)", "manual-dev"),
        ("IPv6 test", "i-pv6-test"),
        ("Hacker News", "hacker-news"),
        ("Secret Site", "secret-site"),
        ("🛒 Shop", "shop"),
        ("R&D", "r-and-d"),
        ("Über uns", "ueber-uns"),
        ("Crème brûlée", "creme-brulee"),
        ("the shop's door", "the-shops-door"),
        ("APIs", "apis"),
        ("HTML5 site", "html-5-site"),
        ("  --  ", ""),
    ],
)
def test_slug_matches_upptimes(name: str, slug: str) -> None:
    """The first six name files of real repositories."""
    assert make_slug(name) == slug
