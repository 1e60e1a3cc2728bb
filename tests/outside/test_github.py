"""Starting another job: what GitHub is told, and what is said when it does not take it."""

import pytest

from constat.errors import OutsideError
from outside.github import GitHub
from tests.support.fake_github import fake_github

TOKEN = "a-token-of-the-job"


def test_a_dispatch_names_the_event_and_carries_its_payload() -> None:
    with fake_github() as github:
        GitHub("maxony/status", TOKEN, github.url).dispatch("watch", {"from": "2026-11-24T10:00:00Z"})
        assert github.dispatched("watch") == [{"from": "2026-11-24T10:00:00Z"}]


def test_a_refusal_is_told_with_its_number() -> None:
    with fake_github() as github:
        github.status = 403
        with pytest.raises(OutsideError, match="did not start watch: it answered 403"):
            GitHub("maxony/status", TOKEN, github.url).dispatch("watch", {})


def test_an_interface_that_is_away_is_told_without_the_token() -> None:
    with pytest.raises(OutsideError, match="could not be told to start watch") as told:
        GitHub("maxony/status", TOKEN, "http://127.0.0.1:9").dispatch("watch", {})
    assert TOKEN not in str(told.value)


@pytest.mark.parametrize("missing", ["GITHUB_REPOSITORY", "GITHUB_TOKEN"])
def test_elsewhere_there_is_no_other_job(missing: str) -> None:
    here = {"GITHUB_REPOSITORY": "maxony/status", "GITHUB_TOKEN": TOKEN}
    assert GitHub.of(here) is not None
    assert GitHub.of({name: value for name, value in here.items() if name != missing}) is None


def test_the_token_does_not_show_in_what_is_printed_of_it() -> None:
    assert TOKEN not in repr(GitHub("maxony/status", TOKEN))
