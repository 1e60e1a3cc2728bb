"""Rules between the section `notify`, `monitor.tell`, and the rest of `status.yml`."""

from collections.abc import Collection, Mapping

from constat.config.fields import WrongError
from constat.config.fields.network_fields import parse_mail_address
from constat.config.fields.text_fields import find_secret_names
from constat.config.problem_log import ProblemLog, refuse_duplicates, refuse_equal_keys
from constat.config.secret_hosts import refuse_other_hosts
from constat.config.sections import MailServer, Notify, Target
from constat.model.routes import MAIL, find_route
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Path


def check_notify(
    log: ProblemLog,
    notify: Notify,
    services: Collection[str],
    languages: Collection[str],
    secrets: Mapping[str, tuple[str, ...]],
) -> None:
    """Note every problem of `notify` with the services, languages and secrets of the file."""
    refuse_equal_keys(log, ("notify", "targets"), "id")
    if notify.mail:
        _check_mail_server(log, notify.mail, secrets)
    for number, target in enumerate(notify.targets):
        path = ("notify", "targets", number)
        _check_address(log, path, target, notify.mail)
        refuse_duplicates(log, (*path, "tell"), target.tell)
        _check_services(log, (*path, "services"), target.services, services)
        if target.language and languages and target.language not in languages:
            hint = did_you_mean(target.language, languages, otherwise="add it to page.languages")
            log.wrong((*path, "language"), f"the page has no language {target.language}", hint)


def check_maintainers(log: ProblemLog, tell: tuple[str, ...], notify: Notify | None) -> None:
    """Note each entry of `monitor.tell` that is neither the name of a target nor an address that a route serves."""
    refuse_duplicates(log, ("monitor", "tell"), tell)
    targets = [target.id for target in notify.targets] if notify else []
    for number, name in enumerate(tell):
        path = ("monitor", "tell", number)
        route = find_route(name)
        if name in targets:
            continue
        if route is None:
            hint = did_you_mean(name, targets, otherwise="name one of notify.targets, or write an address")
            log.wrong(path, f"no target {name}", hint)
        if route == MAIL:
            _check_mail(log, path, name, notify.mail if notify else None)


def _check_address(log: ProblemLog, path: Path, target: Target, server: MailServer | None) -> None:
    """Note a target that has no address, two of them, or a mail address under `url`."""
    if target.email and target.url:
        log.wrong((*path, "url"), "both an email and a url", "write two targets, one for each")
    if not target.email and not target.url:
        log.wrong(path, "neither an email nor a url", "write one of them: the address of the target")
    if target.email:
        _check_mail(log, (*path, "email"), target.email, server)
    if target.url and find_route(target.url) in (None, MAIL):
        hint = "write one that Apprise knows, such as ${CONSTAT_CHAT}"
        log.wrong((*path, "url"), "not a URL", hint)


def _check_mail(log: ProblemLog, path: Path, address: str, server: MailServer | None) -> None:
    """Note an invalid mail address, or that there is no server to send through."""
    if server is None:
        hint = "write notify.mail: {host: ..., from: ...}"
        log.wrong(path, "no server to send mail through", hint)
        return
    try:
        parse_mail_address(address)
    except WrongError as error:
        log.wrong(path, str(error), error.hint)


def _check_mail_server(log: ProblemLog, mail: MailServer, secrets: Mapping[str, tuple[str, ...]]) -> None:
    """Note a password without a user, on an unencrypted connection, or for a host that it may not be sent to."""
    path = ("notify", "mail", "password")
    if (mail.user is None) != (mail.password is None):
        log.wrong(("notify", "mail"), "user and password belong together", "write both, or neither")
    if mail.password and mail.security == "none":
        log.wrong(path, "a password on a connection without encryption", "write security: starttls, or tls")
    refuse_other_hosts(log, path, find_secret_names(mail.password or ""), mail.host, secrets)


def _check_services(log: ProblemLog, path: Path, named: Collection[str], services: Collection[str]) -> None:
    for number, service in enumerate(named):
        if service not in services:
            log.wrong((*path, number), f"no service {service}", did_you_mean(service, services))
    refuse_duplicates(log, path, named)
