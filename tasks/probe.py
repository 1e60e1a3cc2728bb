"""Probe by hand, as a support agent does: one probe, or everything that decides whether a domain's mail arrives.

The report has every step, and three lines to paste to a customer; nothing is recorded.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

import yaml

from checks.own_kinds import OwnProbe
from checks.probing import Context, Deadline, ProbeResult
from checks.registry import KINDS, warm_up
from checks.runner import describe_error
from checks.secrets import Secrets
from constat.config.sections import DEFAULT_TIMEOUT
from constat.errors import InputError, OutsideError
from constat.model import Config
from outside.project.files import SETTINGS
from outside.project.own_kinds import build_code_path
from tasks.deliverability import CheckedPoint, MailSetup, look_at_domain
from tasks.own_kinds import allow_own_kinds
from tasks.probe_options import parse_manual_options
from tasks.project import Project
from tasks.reader_language import ANYBODY, ReaderLanguage
from tasks.support_lines import ProbeWording, SupportLines, format_probe, format_time

TEXTS = "probe.yml"


class ProbeReport(NamedTuple):
    """The result of one probe by hand. `subject`: what was probed, as the page names it."""

    kind: str
    subject: str
    result: ProbeResult
    lines: SupportLines

    @property
    def heading(self) -> str:
        """The kind and its subject."""
        return f"{self.kind} {self.subject}".rstrip()


class ManualProber:
    """Runs probes with the secrets, blocked ports and language of a project's `status.yml`, if there is one.

    `environment` holds the values of secrets; programs run in it if `allow_exec` is set. `warn` receives the problems
    of `status.yml`. `reader`: the language of whoever reads the lines to paste. `config`: the configuration, if
    `status.yml` exists and is valid.
    """

    def __init__(
        self,
        project: Project,
        environment: Mapping[str, str],
        warn: Callable[[str], None],
        *,
        reader: ReaderLanguage = ANYBODY,
        allow_exec: bool = False,
    ) -> None:
        self.config = config = _read_config(project, warn)
        self._project = project
        self._warn = warn
        self._declared = config.secrets if config else {}
        self._blocked = _find_blocked_ports(config)
        self._secrets = Secrets.of(self._declared, environment)
        self._programs = environment if allow_exec else None
        self._reader = reader

    def probe(self, kind: str, words: Sequence[str], timeout_s: Decimal | None = None) -> ProbeReport:
        """Probe once, with options as on a command line.

        Raises:
            InputError: options are invalid; the error lists every problem.
            OutsideError: the code of a project's own kind raised something.
            UsageError: a word is not an option, or there are no texts in the language asked for.

        """
        wording = _choose_wording(self._project, self.config, self._reader)
        module = self._project.kinds.load(kind)
        manual = parse_manual_options(kind, module, words, self._declared)
        warm_up([kind])
        result = self._probe_once(kind, manual.options, self._new_context(timeout_s or manual.timeout_s))
        subject = module.subject(manual.options)
        lines = format_probe(wording, f"{kind} {subject}".rstrip(), result)
        return ProbeReport(kind, subject, result, lines)

    def _probe_once(self, kind: str, options: object, context: Context) -> ProbeResult:
        """Make one attempt. What a project's code raises is reported in one line, as in a watch."""
        kinds = self._allow(kind)
        try:
            return kinds.probe(kind, options, context)
        except (Exception, SystemExit) as error:
            if kind in KINDS:
                raise
            said = self._secrets.redact(describe_error(error))
            tip = "correct it there: a watch records the check as unknown"
            raise OutsideError(f"{build_code_path(kind)} crashed: {said}", tip=tip) from None

    def _allow(self, kind: str) -> OwnProbe:
        """Return what runs probes of this kind: the project's code only where programs may run."""
        return OwnProbe() if self._programs is None else allow_own_kinds(self._project, [kind], self._warn)

    def look_at_domain(self, setup: MailSetup, timeout_s: Decimal | None = None) -> tuple[CheckedPoint, ...]:
        """Look at everything that decides whether a domain's mail arrives, each with this timeout."""
        warm_up(("dns", "tls"))
        return look_at_domain(setup, partial(self._new_context, timeout_s or DEFAULT_TIMEOUT))

    def _new_context(self, seconds: Decimal) -> Context:
        """Return a context for one probe, whose deadline begins now."""
        return Context(
            Deadline(float(seconds)),
            now=self._project.now,
            secrets=self._secrets,
            blocked=self._blocked,
            vantage=self.config.monitor.vantage if self.config else "",
            root=self._project.root,
            programs=self._programs,
        )


def _find_blocked_ports(config: Config | None) -> tuple[int, ...]:
    """Return the ports that cannot be reached from `monitor.vantage`, from where a probe is assumed to run."""
    return config.monitor.describe_vantage(config.monitor.vantage).blocked if config else ()


def _read_config(project: Project, warn: Callable[[str], None]) -> Config | None:
    """Read `status.yml`. A broken one only warns: it must not stop a support agent who has a customer on the line."""
    if not (project.root / SETTINGS).exists():
        return None
    try:
        return project.config
    except InputError as error:
        warn(f"{SETTINGS} is wrong, so its secrets cannot be used: {error}")
        return None


def _choose_wording(project: Project, config: Config | None, reader: ReaderLanguage) -> ProbeWording:
    texts = yaml.safe_load(project.templates[TEXTS])
    chosen = reader.choose(config, texts["up"])
    zone = str(config.page.timezone) if config else "UTC"
    return ProbeWording(texts, chosen, format_time(project.now, chosen, zone))
