"""Probing in tests: options as in `status.yml`, and one attempt."""

import time
from typing import Any

from checks.probing import Context, Deadline, ProbeResult
from checks.registry import load_kind
from checks.secrets import Secrets

NO_SECRETS = Secrets()


def look(
    name: str, seconds: float, options: Any, secrets: Secrets = NO_SECRETS, **context: Any
) -> ProbeResult:
    """Make one attempt of a kind of check."""
    return load_kind(name).probe(
        options, Context(Deadline(seconds), secrets=secrets, **{"now": int(time.time()), **context})
    )


def read_outcome(result: ProbeResult) -> tuple[str, str]:
    """Return outcome and reason, as in the evidence."""
    return result.outcome.value, result.reason
