"""Which files of the branch a job takes, and into which folders it has to look for them."""

from constat.history.fetch_plan import FetchPlan, plan_for_page, plan_for_watch
from constat.interval import parse_instant

NEW_YEAR = parse_instant("2027-01-01T00:30:00Z")
FILES = (
    "register.jsonl",
    "notified.csv",
    "2025/11/2025-11-20.csv",
    "2026/11/2026-11-30.csv",
    "2026/12/2026-12-30.csv",
    "2026/12/2026-12-31.csv",
    "2027/01/2027-01-01.csv",
    "derived/index.json",
    "derived/2024/11/2024-11-20.json",
    "derived/2026/12/2026-12-30.json",
    "statements/2026-11.json",
)


def list_entered(wanted: FetchPlan) -> set[str]:
    """The folders into which a job looks, each only where it looked into those around it."""
    folders = {path.rpartition("/")[0] for path in FILES} - {""}
    every = {"/".join(folder.split("/")[:depth]) for folder in folders for depth in (1, 2, 3)}
    return set(filter(wanted.enters, every))


def list_fetched(wanted: FetchPlan) -> list[str]:
    return list(filter(wanted.takes, FILES))


def test_a_watch_takes_yesterday_and_today_and_the_records() -> None:
    wanted = plan_for_watch(NEW_YEAR, 60)
    assert list_fetched(wanted) == [*FILES[:2], "2026/12/2026-12-31.csv", "2027/01/2027-01-01.csv"]


def test_watch_enters_no_folder_of_older_months() -> None:
    wanted = plan_for_watch(NEW_YEAR, 60)
    days = {"2026", "2026/12", "2027", "2027/01"}
    assert list_entered(wanted) == days | {"derived", "derived/2026", "derived/2026/12"}


def test_check_with_a_two_day_interval_fetches_four_days() -> None:
    assert "2026/12/2026-12-30.csv" in list_fetched(plan_for_watch(NEW_YEAR, 2 * 86_400))


def test_page_fetches_thirteen_months() -> None:
    wanted = plan_for_page(NEW_YEAR)
    assert list_fetched(wanted) == [path for path in FILES if not path.startswith("2025/")]
    assert "2025" in list_entered(wanted)
    assert "2025/11" in list_entered(wanted)  # it reaches to within 400 days: the days in it decide
    assert not plan_for_page(NEW_YEAR + 40 * 86_400).enters("2025/11")


def test_upstream_files_are_fetched_for_four_weeks() -> None:
    names = ("upstream-2026-11.csv", "upstream-2026-12.csv", "upstream-2027-01.csv")
    for wanted in (plan_for_watch(NEW_YEAR, 60), plan_for_page(NEW_YEAR)):
        assert list(filter(wanted.takes, names)) == list(names[1:])
