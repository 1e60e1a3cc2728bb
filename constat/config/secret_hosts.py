"""The rule that a secret goes only to the hosts that it is declared for, for every part of `status.yml` that sends one."""

from collections.abc import Collection, Iterable, Mapping

from constat.config.problem_log import ProblemLog
from constat.text.yaml_source import Path


def refuse_other_hosts(
    log: ProblemLog, path: Path, names: Iterable[str], host: str, secrets: Mapping[str, Collection[str]]
) -> None:
    """Refuse to send secrets to a host that they are not declared for: it could never work.

    `names`: those that the setting at `path` sends to `host`. `secrets`: those declared, with the hosts of each.
    """
    for name in names:
        hosts = secrets.get(name, ())
        if hosts and host not in hosts:
            hint = f"it may go to {', '.join(hosts)}: add the host under secrets, if that is intended"
            log.wrong(path, f"the secret {name} may not be sent to {host}", hint)
