"""Rules between the section `publish` and the rest of `status.yml`."""

from collections.abc import Mapping

from constat.config.fields.text_fields import find_secret_names
from constat.config.problem_log import ProblemLog
from constat.config.sections import Publish
from constat.model.stores import find_part, find_store


def check_publish(log: ProblemLog, publish: Publish, secrets: Mapping[str, tuple[str, ...]]) -> None:
    """Note an address that no store serves, and a password that has no user, or may not go where it would."""
    if find_store(publish.to) is None:
        hint = "write dir:/srv/status or rsync://user@host/module/folder/"
        log.wrong(("publish", "to"), f"no store serves {publish.to!r}", hint)
        return
    user, host = find_part(publish.to, "user"), find_part(publish.to, "host")
    if publish.password and not user:
        log.wrong(("publish", "password"), "a password without a user", "write rsync://user@host/module/")
    for name in find_secret_names(publish.password or ""):
        hosts = secrets.get(name, ())
        if hosts and host not in hosts:
            hint = f"it may go to {', '.join(hosts)}: add the host under secrets, if that is intended"
            log.wrong(("publish", "password"), f"the secret {name} may not be sent to {host}", hint)
