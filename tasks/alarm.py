"""Alerts to the maintainers of `monitor.tell` about what failed; each trouble is reported once."""

from typing import NamedTuple

from checks.secrets import Secrets
from constat.interval import Instant
from constat.model import Config
from constat.notifications import Message
from outside.evidence import troubles
from outside.routes.delivery import Delivery
from tasks.delivery import deliver
from tasks.project import Project


class AlertReport(NamedTuple):
    """How many troubles there were, how many maintainers were alerted to them, and who could not be reached and why."""

    troubles: int
    alerted: int
    failures: tuple[str, ...]


def alert_maintainers(project: Project, secrets: Secrets) -> AlertReport:
    """Alert every maintainer to all noted troubles, in one message.

    The troubles are forgotten once any maintainer was reached: kept for the rest, they would alert that maintainer again.

    Raises:
        OutsideError: the troubles cannot be read or written.

    """
    config, now = project.config, project.now
    lines, names = troubles.read_troubles(project.root), config.monitor.tell
    if not lines or not names:
        return AlertReport(len(lines), 0, ())
    message = _compose_alert(config, lines)
    failures = tuple(failure for name in names if (failure := _alert(config, secrets, name, message, now)))
    if len(failures) < len(names):
        troubles.forget_troubles(project.root, len(lines))
    return AlertReport(len(lines), len(names) - len(failures), failures)


def _compose_alert(config: Config, lines: tuple[str, ...]) -> Message:
    text = "\n".join((*lines, "", f"The page: {config.page.url}", ""))
    return Message(f"{config.page.name}: something needs a look", text)


def _alert(config: Config, secrets: Secrets, name: str, message: Message, now: Instant) -> str:
    """Alert one maintainer. Return what went wrong, without the value of any secret; an empty string on success."""
    server = config.notify.mail if config.notify else None
    delivery = Delivery(_find_address(config, name), message, config.page, server, now)
    failure = deliver(delivery, secrets)
    return f"{secrets.redact(name)} could not be reached: {failure}" if failure else ""


def _find_address(config: Config, name: str) -> str:
    """Return the address of the target with this name; any other name is an address itself."""
    targets = config.notify.targets if config.notify else ()
    return next((target.address for target in targets if target.id == name), name)
