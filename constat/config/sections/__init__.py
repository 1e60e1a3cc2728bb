"""`status.yml` as people write it: one declaration of what is allowed, what it means and what the defaults are.

The validation, the JSON Schema and the suggestions all come from these types. `None` means: not written; the
description says what then applies. The module of each section also resolves it into the immutable values of
`constat.model`, which everything else uses. Many have the same name in both, so they are used with the names of their
modules: `sections.Brand` is what is written, `page_settings.Brand` what applies.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from constat.config.fields import Host, SecretName, about
from constat.config.sections.draft_section import DraftIncident, resolve_draft_incident
from constat.config.sections.globalping_section import Globalping, resolve_globalping
from constat.config.sections.history_section import History, resolve_history
from constat.config.sections.monitor_section import (
    Confirm,
    Monitor,
    Timestamp,
    Vantage,
    resolve_confirm,
    resolve_monitor,
)
from constat.config.sections.notify_section import (
    Limit,
    MailServer,
    Notify,
    Subscribe,
    Target,
    resolve_notify,
)
from constat.config.sections.page_section import Brand, Page, Repository, guess_host, resolve_page
from constat.config.sections.publish_section import Publish, resolve_publish
from constat.config.sections.services_section import (
    COMMON_KEYS,
    DEFAULT_TIMEOUT,
    Check,
    ParsedCheck,
    ParsedService,
    Service,
    resolve_service,
    resolve_timing,
)
from constat.config.sections.sla_section import AgreedHours, Contract, Credit, Maintenance, Sla, resolve_sla
from constat.config.sections.sources_section import SignIn, Source, resolve_source
from constat.config.sections.support_section import Contact, Hours, Level, Support, resolve_support
from constat.config.sections.upstream_section import Upstream, resolve_upstream

__all__ = [
    "COMMON_KEYS",
    "DEFAULT_TIMEOUT",
    "SECRETS",
    "AgreedHours",
    "Brand",
    "Check",
    "Confirm",
    "Contact",
    "Contract",
    "Credit",
    "DraftIncident",
    "Globalping",
    "History",
    "Hours",
    "Level",
    "Limit",
    "MailServer",
    "Maintenance",
    "Monitor",
    "Notify",
    "Page",
    "ParsedCheck",
    "ParsedService",
    "Publish",
    "Repository",
    "Root",
    "Service",
    "SignIn",
    "Sla",
    "Source",
    "Subscribe",
    "Support",
    "Target",
    "Timestamp",
    "Upstream",
    "Vantage",
    "guess_host",
    "resolve_confirm",
    "resolve_draft_incident",
    "resolve_globalping",
    "resolve_history",
    "resolve_monitor",
    "resolve_notify",
    "resolve_page",
    "resolve_publish",
    "resolve_service",
    "resolve_sla",
    "resolve_source",
    "resolve_support",
    "resolve_timing",
    "resolve_upstream",
]

SECRETS: Any = Mapping[SecretName, tuple[Host, ...]]


@dataclass(frozen=True, slots=True)
class Root:
    """All of status.yml."""

    page: Annotated[Page, about("The status page itself.")]
    monitor: Annotated[Monitor, about("How services are watched.")]
    services: Annotated[tuple[Service, ...], about("The services that are watched.")]
    sla: Annotated[
        Sla, about("The promise for every service that does not state its own (default: no promise).")
    ] = field(default_factory=Sla)
    secrets: Annotated[
        SECRETS,
        about(
            "Environment variables that may be sent, each with the hosts that it may be sent to; it is sent nowhere else."
        ),
    ] = field(default_factory=dict)
    sources: Annotated[
        tuple[Source, ...],
        about(
            "Monitoring systems that check for us, such as Prometheus; checks name them under via (default: none)."
        ),
    ] = ()
    globalping: Annotated[
        Globalping | None,
        about("Globalping's probes, which make the checks that say via: globalping (default: none)."),
    ] = None
    support: Annotated[Support | None, about("How to reach support, and what it promises.")] = None
    subscribe: Annotated[Subscribe | None, about("How customers subscribe to news.")] = None
    notify: Annotated[
        Notify | None,
        about("Who is notified of what is new, besides those who read the page and its feeds."),
    ] = None
    draft_incident: Annotated[
        DraftIncident | None,
        about("When the checks draft a notice by themselves, for a person to publish (default: never)."),
    ] = None
    history: Annotated[History | None, about("Where the evidence is kept.")] = None
    publish: Annotated[Publish | None, about("Where `constat upload` copies the site.")] = None
    upstream: Annotated[
        tuple[Upstream, ...],
        about(
            "Services that we depend on and others operate: shown separately, and never counted (default: none)."
        ),
    ] = ()
