"""The loading of `status.yml`, from its text to `Config` or to everything that is wrong with it.

Each section, service and check is read by itself, so that a mistake in one hides none in another.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from typing import Any, NamedTuple, TypeVar

from constat.config import consistency, sections
from constat.config.declared_kinds import DeclaredKind
from constat.config.destinations import KEY as DESTINATIONS
from constat.config.destinations import expand_destinations
from constat.config.problem_log import ProblemLog
from constat.config.sections import COMMON_KEYS, ParsedCheck, ParsedService
from constat.config.value_parsing import list_written_names, parse_value
from constat.errors import InputError, Problem
from constat.model.kinds import Kind
from constat.model.settings import Config
from constat.text import yaml_source
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Path, Value

T = TypeVar("T")

_SOURCES: Any = tuple[sections.Source, ...]
_UPSTREAM: Any = tuple[sections.Upstream, ...]


def load_config(text: str, file: str, kinds: Collection[str], kind: Callable[[str], Kind]) -> Config:
    """Read `status.yml`. `kinds`: the names of all kinds of check; `kind` gives one of them.

    Raises:
        InputError: something is wrong; it has all problems at once.

    """
    document = expand_destinations(yaml_source.read_yaml_at(text, file))
    if not isinstance(document.data, dict):
        problem = Problem(file, 1, 0, "the file has no settings", "begin with page: and its keys")
        raise InputError([*document.problems, problem])
    log = ProblemLog(document, list(document.problems))
    secrets = document.data.get("secrets")
    reader = _Reader(log, kinds, kind, tuple(secrets) if isinstance(secrets, dict) else ())
    config = _load_sections(reader, document.data)
    if log.problems or config is None:
        raise InputError(log.problems)
    return config


def load_options(name: str, kind: Kind, words: Mapping[str, Value], secrets: Collection[str] = ()) -> object:
    """Read a kind's options as given by hand, such as on the command line of `probe`.

    Raises:
        InputError: something is wrong; it has all problems at once.

    """
    log = ProblemLog(yaml_source.Document(name, dict(words), {(): (0, 0)}, {}))
    options = _Reader(log, (name,), lambda _name: kind, secrets).read_options((), words, kind)
    if log.problems or options is None:
        raise InputError(log.problems)
    return options


def _load_sections(reader: "_Reader", data: dict[str, Value]) -> Config | None:
    """Read each section by itself, then check the rules between them."""
    _check_names_of_sections(reader.log, data)

    def read(name: str, declaration: type[T]) -> T | None:
        return reader.read((name,), data[name], declaration) if name in data else None

    subscribe = read("subscribe", sections.Subscribe)
    parts = consistency.Parts(
        page=read("page", sections.Page),
        monitor=read("monitor", sections.Monitor),
        services=reader.read_services(data.get("services", "")),
        support=read("support", sections.Support),
        secrets=read("secrets", sections.SECRETS) or {},
        notify=read("notify", sections.Notify),
        sla=read("sla", sections.Sla) if "sla" in data else sections.Sla(),
        draft=read("draft_incident", sections.DraftIncident),
        sources=read("sources", _SOURCES) or (),
        publish=read("publish", sections.Publish),
        upstream=read("upstream", _UPSTREAM) or (),
        history=read("history", sections.History) or sections.History(),
        globalping=read("globalping", sections.Globalping),
    )
    consistency.check_consistency(reader.log, parts)
    return _resolve(parts, (subscribe.email if subscribe else None) or "")


def _resolve(parts: consistency.Parts, mailing_list_url: str) -> Config | None:
    """Resolve the sections; `None` where one that is needed could not be read."""
    page, monitor, sla, notify = parts.page, parts.monitor, parts.sla, parts.notify
    if page is None or monitor is None or sla is None:
        return None
    watched = sections.resolve_monitor(monitor)
    engines = {source.id: sections.resolve_source(source) for source in parts.sources}
    return Config(
        page=sections.resolve_page(page),
        monitor=watched,
        secrets=dict(parts.secrets),
        sla=sections.resolve_sla(sla),
        services=tuple(sections.resolve_service(each, sla, watched, engines) for each in parts.services),
        sources=tuple(engines.values()),
        support=sections.resolve_support(parts.support) if parts.support else None,
        notify=sections.resolve_notify(notify, page.languages[0]) if notify and page.languages else None,
        mailing_list_url=mailing_list_url,
        draft_incident=sections.resolve_draft_incident(parts.draft) if parts.draft else None,
        publish=sections.resolve_publish(parts.publish) if parts.publish else None,
        upstream=tuple(sections.resolve_upstream(each) for each in parts.upstream),
        history=sections.resolve_history(parts.history),
        globalping=sections.resolve_globalping(parts.globalping) if parts.globalping else None,
    )


def _check_names_of_sections(log: ProblemLog, data: dict[str, Value]) -> None:
    known = [section.name for section in fields(sections.Root)]
    for key in data:
        if key not in known:
            log.wrong((key,), f"unknown key {key}", did_you_mean(key, known), at_key=True)
    for key in ("page", "monitor", "services"):
        if key not in data:
            log.wrong((), f"the section {key} is missing", f"write {key}: with its keys below it")


class _Reader(NamedTuple):
    """The reader of a file. `kinds` are the names; `kind` gives one of them; `secrets` are the declared ones."""

    log: ProblemLog
    kinds: Collection[str]
    kind: Callable[[str], Kind]
    secrets: Collection[str]

    def read(self, path: Path, data: Value, declaration: type[T]) -> T | None:
        """Read a value as one of our types; `None` where it is invalid."""
        value, faults = parse_value(declaration, data, self.secrets)
        for fault in faults:
            self.log.fault(path, fault)
        return value

    def read_services(self, data: Value) -> tuple[ParsedService, ...]:
        """Read the services, without those that cannot be read."""
        if not isinstance(data, list):
            if data:
                self.log.wrong(
                    ("services",), "not a list", "write one service after each hyphen: - id: website"
                )
            return ()
        read = [self._read_service(("services", number), service) for number, service in enumerate(data)]
        return tuple(service for service in read if service)

    def _read_service(self, path: Path, data: Value) -> ParsedService | None:
        """Read one service, each of its checks by itself."""
        checks: tuple[ParsedCheck, ...] = ()
        if isinstance(data, dict) and isinstance(data.get("checks", []), list):
            written = enumerate(data.get("checks", []))
            read = [self._read_check((*path, "checks", number), check) for number, check in written]
            checks = tuple(check for check in read if check is not None)
            data = {**data, "checks": []} if "checks" in data else data
        service = self.read(path, data, sections.Service)
        return ParsedService(path, service, checks) if service else None

    def _read_check(self, path: Path, data: Value) -> ParsedCheck | None:
        """Read one check: the keys that all checks have, and its kind's options."""
        name = data.get("kind") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(name, str) or name not in self.kinds:
            self._read_common_keys(path, data)
            return None
        kind = self._find_kind(name)
        if kind is None:
            return None
        check = self.read(path, _select_common_keys(data, kind.DEFAULTS.keys_for(data)), sections.Check)
        options = self.read_options(path, data, kind)
        if check is None or options is None:
            return None
        subject, secret_uses = kind.subject(options), kind.secret_uses(options)
        words: Mapping[str, str] = kind.words if isinstance(kind, DeclaredKind) else {}
        return ParsedCheck(path, check, options, subject, secret_uses, words)

    def _find_kind(self, name: str) -> Kind | None:
        """Find a kind by its name; what is wrong with the declaration of one is noted once."""
        try:
            return self.kind(name)
        except InputError as error:
            self.log.problems += [each for each in error.problems if each not in self.log.problems]
            return None

    def _read_common_keys(self, path: Path, data: Value) -> None:
        """Read a check of unknown kind: only its common keys, since its options are not known."""
        if isinstance(data, dict):
            name = data.get("kind")
            if isinstance(name, str):
                self.log.wrong((*path, "kind"), f"unknown kind {name}", did_you_mean(name, self.kinds))
            data = _select_common_keys(data, {})
        self.read(path, data, sections.Check)

    def read_options(self, path: Path, data: Mapping[str, Value], kind: Kind) -> object | None:
        """Read the options of a kind: every key of a check that is not common to all checks."""
        known = list_written_names(kind.Options)
        own = {key: value for key, value in data.items() if key not in COMMON_KEYS}
        unknown = [key for key in own if key not in known]
        for key in unknown:
            hint = did_you_mean(key, [*COMMON_KEYS, DESTINATIONS, *known])
            self.log.wrong((*path, key), f"unknown key {key}", hint, at_key=True)
        written = {key: own[key] for key in own if key in known}
        options, faults = parse_value(kind.Options, written, self.secrets)
        for fault in faults:
            if fault.path or not unknown:  # with a misspelt key, rules between the options cannot be checked
                self.log.fault(path, fault)
        return None if unknown else options


def _select_common_keys(data: Mapping[str, Value], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that every check has, with the defaults of the kind, also key by key inside `confirm`."""
    common: dict[str, Any] = {key: value for key, value in data.items() if key in COMMON_KEYS}
    if isinstance(common.get("confirm"), dict):
        common["confirm"] = {**defaults.get("confirm", {}), **common["confirm"]}
    return {**defaults, **common}
