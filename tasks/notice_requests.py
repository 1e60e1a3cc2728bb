"""Requests for notices and updates, as maintainers make them. A field that is `None` was not given."""

from typing import NamedTuple

from constat.model import Impact, State


class IncidentRequest(NamedTuple):
    """A request for a new incident. Missing fields are taken from the ready wording (`template`) or from the outage.

    `services`: ids such as `smtp,api`. `next`: a time or a span, not yet parsed. `from_outage`: a service, from whose
    last outage times and services are taken.
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
    """A request for a new maintenance; times and spans are not yet parsed. `remind`: spans such as `2d,1h`."""

    starts: str
    ends: str
    title: str | None = None
    services: str | None = None
    text: str | None = None
    template: str | None = None
    translate: bool = False
    remind: str | None = None


class UpdateRequest(NamedTuple):
    """A request to update a notice, given by its stem or a part of it; times and spans are not yet parsed."""

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
