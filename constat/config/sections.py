"""The sections of `status.yml`, read into the types of `written` one by one, so that every problem is found."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from constat.config import written
from constat.config.fast_path import take, written_name
from constat.config.parsing import Fault
from constat.errors import Problem
from constat.model.kinds import Kind, SecretUse
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Document, Path, Value

T = TypeVar("T")

COMMON_KEYS = tuple(key.name for key in fields(written.Check))
"""The keys of every check; all others are options of its kind."""


@dataclass(slots=True)
class ReadCheck:
    """A check and its kind's options, as written, with what the kind says of these options."""

    path: Path
    check: written.Check
    options: object
    subject: str
    secret_uses: tuple[SecretUse, ...]


@dataclass(slots=True)
class ReadService:
    """A service as written; `checks`: those that could be read."""

    path: Path
    service: written.Service
    checks: tuple[ReadCheck, ...]


@dataclass(slots=True)
class Reader:
    """The reader of a file, with the problems found so far. `kinds` are the names; `kind` gives one of them."""

    document: Document
    kinds: Collection[str]
    kind: Callable[[str], Kind]
    secrets: Collection[str] = ()
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: Path, message: str, hint: str, *, at_key: bool = False) -> None:
        """Note a problem with the value, or the key, of a path."""
        self.problems.append(self.document.problem(path, message, hint, at_key=at_key))

    def read(self, path: Path, data: Value, kind: type[T]) -> T | None:
        """Read a value as one of our types; `None` where it is invalid."""
        value, faults = _parse(kind, data, self.secrets)
        for fault in faults:
            self.fault(path, fault)
        return value

    def fault(self, path: Path, fault: Fault) -> None:
        """Note a fault in the value of a path."""
        self.wrong((*path, *fault.path), fault.message, fault.hint, at_key=fault.at_key)

    def service(self, number: int, data: Value) -> ReadService | None:
        """Read one service, each of its checks by itself."""
        path: Path = ("services", number)
        written_checks = data.get("checks", []) if isinstance(data, dict) else []
        checks: tuple[ReadCheck, ...] = ()
        if isinstance(data, dict) and isinstance(written_checks, list):
            read = [self.check((*path, "checks", n), check) for n, check in enumerate(written_checks)]
            checks = tuple(check for check in read if check is not None)
            data = {**data, "checks": []} if "checks" in data else data
        service = self.read(path, data, written.Service)
        return ReadService(path, service, checks) if service else None

    def check(self, path: Path, data: Value) -> ReadCheck | None:
        """Read one check: the keys that all checks have, and its kind's options."""
        name = data.get("kind") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(name, str) or name not in self.kinds:
            self._common(path, data)
            return None
        kind = self.kind(name)
        check = self.read(path, common_part(data, kind.DEFAULTS.keys_for(data)), written.Check)
        options = self.options(path, data, kind)
        if check is None or options is None:
            return None
        return ReadCheck(path, check, options, kind.subject(options), kind.secret_uses(options))

    def _common(self, path: Path, data: Value) -> None:
        """Read a check of unknown kind: only its common keys, since its options are not known."""
        if isinstance(data, dict):
            name = data.get("kind")
            if isinstance(name, str):
                self.wrong((*path, "kind"), f"unknown kind {name}", did_you_mean(name, self.kinds))
            data = common_part(data, {})
        self.read(path, data, written.Check)

    def options(self, path: Path, data: Mapping[str, Value], kind: Kind) -> object | None:
        """Read the options of a kind: every key of a check that is not common to all checks."""
        known = option_names(kind)
        own = {key: value for key, value in data.items() if key not in COMMON_KEYS}
        unknown = [key for key in own if key not in known]
        for key in unknown:
            hint = did_you_mean(key, [*COMMON_KEYS, *known])
            self.wrong((*path, key), f"unknown key {key}", hint, at_key=True)
        options, faults = _parse(kind.Options, {key: own[key] for key in own if key in known}, self.secrets)
        for fault in faults:
            if fault.path or not unknown:  # with a misspelt key, rules between the options cannot be checked
                self.fault(path, fault)
        return None if unknown else options


def _parse(kind: type[T], data: Value, secrets: Collection[str]) -> tuple[T | None, tuple[Fault, ...]]:
    """Read a value as one of our types: the result, or every fault. `secrets`: the names that options may use."""
    try:
        return take(kind, data, secrets), ()
    except ValueError:
        from constat.config.pydantic_path import judge  # noqa: PLC0415 -- pydantic is loaded only for a faulty value

        return judge(kind, data, secrets)


def option_names(kind: Kind) -> tuple[str, ...]:
    """The names of a kind's options, as they are written."""
    return tuple(written_name(option.name) for option in fields(kind.Options))


def common_part(data: Mapping[str, Value], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that every check has, with the defaults of the kind, also key by key inside `confirm`."""
    common: dict[str, Any] = {key: value for key, value in data.items() if key in COMMON_KEYS}
    if isinstance(common.get("confirm"), dict):
        common["confirm"] = {**defaults.get("confirm", {}), **common["confirm"]}
    return {**defaults, **common}
