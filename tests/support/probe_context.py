"""One probe, in a context made for a test."""

import time
from types import ModuleType
from typing import Any

from checks.contract import AnyCheckKind
from checks.probing import Context, Deadline, ProbeResult
from checks.secrets import Secrets

SECRET = "s3cret/Pass+word"
SECRETS = Secrets({"CONSTAT_PASSWORD": SECRET}, {"CONSTAT_PASSWORD": ("127.0.0.1",)})
PASSWORD = "${CONSTAT_PASSWORD}"


def look(
    kind: ModuleType | AnyCheckKind, *, within: float = 5, secrets: Secrets = SECRETS, **options: Any
) -> ProbeResult:
    """Probe once, within this many seconds."""
    result: ProbeResult = kind.probe(
        kind.Options(**options), Context(Deadline(within), secrets, now=int(time.time()))
    )
    return result


def format_result(result: ProbeResult) -> str:
    """Format outcome and reason in one line, as in the tables of failures."""
    return f"{result.outcome} {result.reason}".rstrip()
