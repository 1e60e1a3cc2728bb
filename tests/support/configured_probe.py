"""Probing in tests: options as `status.yml` would give them, and one attempt."""

import time
from typing import Any

from checks.probing import Context, Deadline, ProbeResult
from checks.registry import load_kind
from checks.secrets import Secrets

NO_SECRETS = Secrets()


def look(
    name: str, seconds: float, options: Any, secrets: Secrets = NO_SECRETS, **context: Any
) -> ProbeResult:
    """One attempt of a kind of check."""
    return load_kind(name).probe(
        options, Context(Deadline(seconds), secrets=secrets, **{"now": int(time.time()), **context})
    )


def told(result: ProbeResult) -> tuple[str, str]:
    """The outcome and the reason, as the evidence has them."""
    return result.outcome.value, result.reason
