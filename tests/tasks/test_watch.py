"""A watch follows the files of its project, at a clock that the test turns."""

from pathlib import Path

import pytest

from checks.runner import Runner
from outside.evidence.journal import Journal
from tasks.look import plan_look
from tasks.project import Project
from tasks.watch import FollowedProject
from tests.support.fake_world import START, FakeWorld
from tests.support.look_recorder import LookRecorder
from tests.support.small_project import format_service, read_register_lines, write_project
from tests.support.source_tree import ROOT

CHECK = "kind: tcp, host: 127.0.0.1, port: 9"


class Watch:
    """A followed project, without any looks."""

    def __init__(self, root: Path) -> None:
        write_project(root, format_service("one", CHECK))
        self.root = root
        self.world = FakeWorld()
        self.listener = LookRecorder()
        plan = plan_look(Project(root, ROOT, START), {})
        journal = Journal(root, self.listener.report_samples)
        self.runner = Runner(plan.build_policy(self.listener.report_trouble), self.world, journal.record)
        self.followed = FollowedProject(plan, self.runner, self.world, self.listener)

    def services_after(self, seconds: float) -> list[str]:
        """Return the services whose checks run after so many more seconds."""
        self.world.wait(seconds)
        return [target.service for target in self.followed.targets()]


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


def test_new_service_is_checked_and_recorded(watch: Watch) -> None:
    write_project(watch.root, format_service("one", CHECK), format_service("two", CHECK))
    assert watch.services_after(1) == ["one"], "files are not looked at in every second"
    assert watch.services_after(5) == ["one", "two"]
    assert {"two"} < {line.get("id") for line in read_register_lines(watch.root)}
    assert watch.listener.register_lines == 3


def test_runner_follows_the_current_files(watch: Watch) -> None:
    write_project(watch.root, format_service("one", CHECK), monitor='  canaries: ["tcp://127.0.0.1:9"]')
    watch.services_after(6)
    assert watch.runner.policy.canaries == ("tcp://127.0.0.1:9",)


def test_invalid_file_changes_nothing_and_is_reported_once(watch: Watch) -> None:
    for broken in ("services: 7", "services: 7 "):
        (watch.root / "status.yml").write_text(broken, encoding="utf-8")
        assert watch.services_after(6) == ["one"]
    [trouble] = watch.listener.troubles
    assert trouble.startswith("the watch continues unchanged: status.yml")


def test_register_is_updated_periodically_without_changes(watch: Watch) -> None:
    """An update of a notice may be dated ahead."""
    watch.services_after(290)
    assert watch.listener.register_lines == 0
    watch.services_after(11)
    assert watch.listener.register_lines == 2
