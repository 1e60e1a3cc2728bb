"""`alarm`: tell the maintainers what failed on the way: whoever `monitor.tell` names, by the ways of `notify`."""

import argparse
import os
import sys
from pathlib import Path

from checks.reasons import Trouble
from checks.registry import KINDS, load_kind
from checks.secrets import PLACEHOLDER, Secrets, find_secret_names
from constat.errors import OutsideError
from constat.interval import Instant
from constat.model import Config
from constat.notifications import Message
from outside.evidence import troubles
from outside.project.files import read_config
from outside.routes import apprise, mail


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none of its own."""
    parser.description = "tell the maintainers (monitor.tell) what failed since they were told last"


def run(args: argparse.Namespace) -> int:
    """Tell them. Ends with 1 where somebody could not be told."""
    config = read_config(args.root, KINDS, load_kind)
    failures = tell(args.root, config, args.now)
    for line in failures:
        print(line, file=sys.stderr)
    return 1 if failures else 0


def tell(root: Path, config: Config, now: Instant) -> tuple[str, ...]:
    """Tell every maintainer what was noted, in one message; whom it could not reach, and why.

    What one of them took is done with: the others would hear it again and again.
    """
    lines, names = troubles.read_troubles(root), config.monitor.tell
    if not lines or not names:
        return ()
    secrets = Secrets.of(config.secrets, os.environ)
    failures = tuple(failed for name in names if (failed := _attempt(config, secrets, name, lines, now)))
    if len(failures) < len(names):
        troubles.forget_troubles(root, len(lines))
    return failures


def _attempt(config: Config, secrets: Secrets, name: str, lines: tuple[str, ...], now: Instant) -> str:
    """Tell one of them; what went wrong, without any secret, or nothing."""
    text = "\n".join((*lines, "", f"The page: {config.page.url}", ""))
    words = Message(f"{config.page.name}: something needs a look", text, "")
    try:
        _send(config, secrets, name, words, now)
    except (OutsideError, Trouble) as error:
        return f"{secrets.redact(name)} could not be told: {secrets.redact(str(error))}"
    return ""


def _send(config: Config, secrets: Secrets, name: str, words: Message, now: Instant) -> None:
    """By mail or by the address of a chat, as the target of that name is told, or as the address itself says."""
    targets = {target.id: target for target in config.notify.targets} if config.notify else {}
    target = targets.get(name)
    url = target.url if target else name if _is_url(name) else ""
    if url:
        apprise.send_message(*address(secrets, url), words, config.page.name)
        return
    server = config.notify.mail if config.notify else None
    if server is None:
        raise OutsideError("status.yml names no server to send mail through (notify.mail)")
    letter = mail.compose_letter(config.page.name, server, target.email if target else name, words, now)
    mail.send_mail(server, secrets.fill(server.password, server.host), letter)


def _is_url(name: str) -> bool:
    return "://" in name or bool(find_secret_names(name))


def address(secrets: Secrets, url: str) -> tuple[str, tuple[str, ...]]:
    """The address with its secrets filled in, and the hosts that these are declared for."""
    names = find_secret_names(url)
    missing = [name for name in names if name not in secrets.values]
    if missing:
        raise OutsideError(f"{', '.join(missing)} is not set")
    filled = PLACEHOLDER.sub(lambda name: secrets.values[name[1]], url)
    return filled, tuple(host for name in names for host in secrets.hosts[name])
