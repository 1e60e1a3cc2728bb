"""The inputs of a page."""

from collections.abc import Mapping
from typing import NamedTuple

from constat.availability import PastMonth
from constat.imported import ImportedFile
from constat.interval import Instant
from constat.model import Config, Evidence, Notice, Register, SealedPast, Ticket, UpstreamAnswer
from constat.page.shown_notice import NotifiedTarget
from constat.page.stated_month import FrozenStatement
from constat.support import RecordedPromise


class SupportInputs(NamedTuple):
    """The promises of support over time, and the tickets that are judged by them."""

    promises: tuple[RecordedPromise, ...] = ()
    tickets: tuple[Ticket, ...] = ()


class PageInputs(NamedTuple):
    """Everything that the page of `now` is built from.

    `register` is the one in effect (with what `status.yml` and the notices say where it is silent). The evidence
    reaches back at least to the first of the shown days. `frozen`: the statements of past months. `notified`: who was
    notified of each notice, by its stem. `sealed`: the seals and the head. `imported`: what other tools measured,
    which is shown but counts in no figure.
    `past_months`: the months of a year that are before the shown days, by service, for its calendar.
    `said`: what upstream services said of themselves.
    """

    config: Config
    register: Register
    evidence: Evidence
    notices: tuple[Notice, ...]
    now: Instant
    frozen: tuple[FrozenStatement, ...] = ()
    support: SupportInputs = SupportInputs()
    notified: Mapping[str, tuple[NotifiedTarget, ...]] = {}
    sealed: SealedPast | None = None
    imported: tuple[ImportedFile, ...] = ()
    past_months: Mapping[str, tuple[PastMonth, ...]] = {}
    said: tuple[UpstreamAnswer, ...] = ()
