"""An RDAP registry on loopback, with the list of servers that leads to it."""

import json
from collections.abc import Mapping
from typing import Any

from demo.web_server import FixedAnswer

LIST = "/rdap/dns.json"
RDAP = "application/rdap+json"


def describe_domain(name: str, **more: Any) -> Mapping[str, Any]:
    """A domain as RFC 9083 5.3 has it; `events` is a table of action and date."""
    events = [{"eventAction": action, "eventDate": date} for action, date in more.pop("events", {}).items()]
    return {
        "objectClassName": "domain",
        "ldhName": name.upper(),
        "status": ["active", "client transfer prohibited"],
        "events": events,
        **more,
    }


def answer(document: Any, status: int = 200) -> FixedAnswer:
    """An answer with a document."""
    return FixedAnswer(json.dumps(document), status, RDAP)
