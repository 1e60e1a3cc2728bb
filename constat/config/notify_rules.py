"""What must hold between the section `notify` and the rest of `status.yml`."""

from collections.abc import Collection, Mapping

from constat.config.duplicates import refuse_duplicates, refuse_equal_keys
from constat.config.network import parse_mail_address
from constat.config.parsing import WrongError, find_secret_names
from constat.config.sections import Reader
from constat.config.written_notify import MailServer, Notify, Target
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Path


def check_notify(
    reader: Reader,
    notify: Notify,
    services: Collection[str],
    languages: Collection[str],
    secrets: Mapping[str, tuple[str, ...]],
) -> None:
    """Note every problem of `notify` with the services, languages and secrets of the file."""
    refuse_equal_keys(reader, ("notify", "targets"), "id")
    if notify.mail:
        _mail(reader, notify.mail, secrets)
    for number, target in enumerate(notify.targets):
        path = ("notify", "targets", number)
        _way(reader, path, target, mail=notify.mail is not None)
        refuse_duplicates(reader, (*path, "tell"), target.tell)
        _known(reader, (*path, "services"), target.services, services)
        if target.language and languages and target.language not in languages:
            hint = did_you_mean(target.language, languages, otherwise="add it to page.languages")
            reader.wrong((*path, "language"), f"the page has no language {target.language}", hint)


def check_maintainers(reader: Reader, tell: tuple[str, ...], notify: Notify | None) -> None:
    """Whoever `monitor.tell` names is a target, an address, or a mail address where there is a server for it."""
    refuse_duplicates(reader, ("monitor", "tell"), tell)
    targets = [target.id for target in notify.targets] if notify else []
    for number, name in enumerate(tell):
        path = ("monitor", "tell", number)
        if name in targets or "://" in name or find_secret_names(name):
            continue
        if "@" not in name:
            hint = did_you_mean(name, targets, otherwise="name one of notify.targets, or write an address")
            reader.wrong(path, f"no target {name}", hint)
        elif notify is None or notify.mail is None:
            reader.wrong(path, "no server to send mail through", "write notify.mail: {host: ..., from: ...}")
        else:
            _mail_address(reader, path, name)


def _mail_address(reader: Reader, path: Path, text: str) -> None:
    try:
        parse_mail_address(text)
    except WrongError as error:
        reader.wrong(path, str(error), error.hint)


def _mail(reader: Reader, mail: MailServer, secrets: Mapping[str, tuple[str, ...]]) -> None:
    """A password needs a name to go with, a connection that hides it, and a host that it may be sent to."""
    path = ("notify", "mail", "password")
    if (mail.user is None) != (mail.password is None):
        reader.wrong(("notify", "mail"), "user and password belong together", "write both, or neither")
    if mail.password and mail.security == "none":
        reader.wrong(
            path, "a password on a connection without encryption", "write security: starttls, or tls"
        )
    for name in find_secret_names(mail.password or ""):
        hosts = secrets.get(name, ())
        if hosts and mail.host not in hosts:
            hint = f"it may go to {', '.join(hosts)}: add the host under secrets, if that is meant"
            reader.wrong(path, f"the secret {name} may not be sent to {mail.host}", hint)


def _way(reader: Reader, path: Path, target: Target, *, mail: bool) -> None:
    """A target is reached by mail or by an address of Apprise's, not by both."""
    if target.email and target.url:
        reader.wrong((*path, "url"), "an email and a url", "make two targets of it")
    if not target.email and not target.url:
        reader.wrong(path, "neither an email nor a url", "write where it is told")
    if target.email and not mail:
        reader.wrong(
            (*path, "email"), "no server to send mail through", "write notify.mail: {host: ..., from: ...}"
        )
    if target.url and "://" not in target.url and not find_secret_names(target.url):
        reader.wrong(
            (*path, "url"), "not an address", "write one that Apprise knows, such as ${CONSTAT_CHAT}"
        )


def _known(reader: Reader, path: Path, named: Collection[str], services: Collection[str]) -> None:
    for number, service in enumerate(named):
        if service not in services:
            reader.wrong((*path, number), f"no service {service}", did_you_mean(service, services))
    refuse_duplicates(reader, path, named)
