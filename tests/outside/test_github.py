"""Starting another job on GitHub: the request, and the messages when it fails."""

from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.github import GitHub, Job
from tests.support.fake_github import serve_fake_github

TOKEN = "a-token-of-the-job"


def test_a_dispatch_names_the_event_and_carries_its_payload() -> None:
    with serve_fake_github() as github:
        GitHub("maxony/status", TOKEN, github.url).dispatch("watch", {"from": "2026-11-24T10:00:00Z"})
        assert github.list_dispatches("watch") == [{"from": "2026-11-24T10:00:00Z"}]


def test_refusal_is_reported_with_its_status() -> None:
    with serve_fake_github() as github:
        github.status = 403
        with pytest.raises(OutsideError, match="did not start watch: it answered 403"):
            GitHub("maxony/status", TOKEN, github.url).dispatch("watch", {})


def test_unreachable_api_is_reported_without_the_token() -> None:
    with pytest.raises(OutsideError, match="could not be asked to start watch") as told:
        GitHub("maxony/status", TOKEN, "http://127.0.0.1:9").dispatch("watch", {})
    assert TOKEN not in str(told.value)


@pytest.mark.parametrize("missing", ["GITHUB_REPOSITORY", "GITHUB_TOKEN"])
def test_no_other_job_is_started_outside_github(missing: str) -> None:
    here = {"GITHUB_REPOSITORY": "maxony/status", "GITHUB_TOKEN": TOKEN}
    assert GitHub.of(here) is not None
    assert GitHub.of({name: value for name, value in here.items() if name != missing}) is None


def test_repr_does_not_show_the_token() -> None:
    assert TOKEN not in repr(GitHub("maxony/status", TOKEN))


def test_a_job_shows_its_summary_and_hands_values_to_later_steps(tmp_path: Path) -> None:
    summary, outputs = tmp_path / "summary.md", tmp_path / "outputs"
    job = Job.of({"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(outputs)})
    job.append_summary("### One\n")
    job.append_summary("### Two\n")
    job.set_outputs({"watch": "yes", "from": "noon"})
    assert summary.read_text(encoding="utf-8") == "### One\n### Two\n"
    assert outputs.read_text(encoding="utf-8") == "watch=yes\nfrom=noon\n"


def test_nothing_is_written_or_started_outside_a_job() -> None:
    job = Job.of({})
    assert job == Job()
    job.append_summary("### One\n")
    job.set_outputs({"watch": "yes"})
    job.dispatch("watch", {})


@pytest.mark.parametrize(("event", "is_scheduled"), [("schedule", True), ("repository_dispatch", False)])
def test_a_job_knows_whether_the_cron_started_it(event: str, is_scheduled: bool) -> None:
    assert Job.of({"GITHUB_EVENT_NAME": event}).is_scheduled is is_scheduled


def test_unwritable_summary_is_reported(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="could not be written: Is a directory"):
        Job(summary=tmp_path).append_summary("### One\n")
