"""Rules of the addresses that a reader's browser asks from the page: only over TLS, and only hosts that are the project's own."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from constat.config.problem_log import ProblemLog
from constat.config.sections import Page, ParsedService
from constat.text.yaml_source import Path


def check_asked_hosts(log: ProblemLog, services: Iterable[ParsedService], page: Page | None) -> None:
    """Refuse an address for readers' browsers that is not https, or on a host that nothing else in the file names.

    Only a check, the page itself and its links say which hosts are the project's own.
    """
    services = tuple(services)
    own = {_find_host(check.subject) for parsed in services for check in parsed.checks}
    if page:
        own |= {urlsplit(address).hostname or "" for address in (page.url, *page.links.values())}
    if page and page.resolver:
        _check_address(log, ("page", "resolver"), page.resolver, own)
    for parsed in services:
        if parsed.service.from_here:
            _check_address(log, (*parsed.path, "from_here"), parsed.service.from_here, own)


def _check_address(log: ProblemLog, where: Path, address: str, own: set[str]) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https":
        message = f"{address} is not asked over TLS: a page served over https may not ask it"
        log.wrong(where, message, "write an https address")
    elif parts.hostname not in own:
        message = f"{parts.hostname} is not known as a host of yours: readers' browsers ask no others"
        log.wrong(where, message, "write an address on a host that a check or page.links names")


def _find_host(subject: str) -> str:
    """The host of a check's subject, which may have a port."""
    return (urlsplit(f"//{subject}").hostname or "") if subject else ""
