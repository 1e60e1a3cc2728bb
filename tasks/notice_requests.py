"""Requests for notices and updates, as maintainers make them: what is `None` was not said."""

from typing import NamedTuple

from constat.model import Impact, State


class IncidentRequest(NamedTuple):
    """An incident to lay down. What is `None` comes from the ready wording (`template`) or from the outage.

    `services` are written as `smtp,api`; `next` is a time or a span, as it is written; `from_outage` is a service
    whose last outage gives times and services.
    """

    title: str | None = None
    services: str | None = None
    text: str | None = None
    template: str | None = None
    translate: bool = False
    impact: Impact | None = None
    state: State | None = None
    next: str | None = None
    from_outage: str | None = None


class MaintenanceRequest(NamedTuple):
    """A maintenance to lay down; times and spans as they are written. `remind`: spans, as `2d,1h`."""

    starts: str
    ends: str
    title: str | None = None
    services: str | None = None
    text: str | None = None
    template: str | None = None
    translate: bool = False
    remind: str | None = None


class UpdateRequest(NamedTuple):
    """An update to add to a notice, which is named by its stem or by a part of it; times and spans as they are written."""

    notice: str
    state: str
    text: str | None = None
    template: str | None = None
    translate: bool = False
    impact: Impact | None = None
    services: str | None = None
    next: str | None = None
    starts: str | None = None
    ends: str | None = None
    at: str | None = None


Request = IncidentRequest | MaintenanceRequest | UpdateRequest
