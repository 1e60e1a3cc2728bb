"""The report at the end of the verbs that look: what was seen, in one line or as JSON."""

import argparse
import json
from collections.abc import Iterable
from functools import partial

from constat.maintainers.look_summary import ServiceLook, describe_look, summarise_look
from constat.model import Config, Outcome, Sample
from tasks.look import LookPlan
from verbs.terminal.look_printer import LookPrinter
from verbs.terminal.printing import Mood, quantify


def open_printer(args: argparse.Namespace, plan: LookPlan) -> LookPrinter:
    """Open the printer of a look; the printer of a watch keeps a line up to date."""
    describe = partial(_describe, plan.project.config)
    return LookPrinter(verbose=args.verbose, describe=describe if args.watch or args.until else None)


def _describe(config: Config, samples: Iterable[Sample]) -> str:
    return describe_look(summarise_look(config, samples))


class LookReport:
    """What a look saw. `looks`: each service with a check that counts among those made."""

    def __init__(self, args: argparse.Namespace, plan: LookPlan, printer: LookPrinter) -> None:
        self.looks: tuple[ServiceLook, ...] = summarise_look(plan.project.config, printer.newest.values())
        self._rows = printer.total
        self._folder = args.root / "history"

    def __str__(self) -> str:
        """Say it in one line: `5 services up, 1 down (api: status 503); 12 rows in history`."""
        seen = describe_look(self.looks) or ("no check was due" if not self._rows else "no service")
        return f"{seen}; {quantify(self._rows, 'row')} in {self._folder}"

    @property
    def mood(self) -> Mood:
        """The colour of the line: by the worst outcome."""
        outcomes = {look.outcome for look in self.looks}
        if Outcome.DOWN in outcomes:
            return "bad"
        return "doubtful" if outcomes - {Outcome.UP} else "good" if outcomes else ""

    @property
    def has_outage(self) -> bool:
        """Whether a service is down."""
        return any(look.outcome is Outcome.DOWN for look in self.looks)

    def format_json(self) -> str:
        """Format the report as JSON, for programs."""
        services = [
            {"id": look.service, "outcome": look.outcome.value, "reason": look.reason} for look in self.looks
        ]
        return json.dumps({"services": services, "rows": self._rows}, indent=2, ensure_ascii=False)
