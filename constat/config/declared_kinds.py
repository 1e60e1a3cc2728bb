"""A kind of check that a project brings: what `checks/NAME.json` declares of it.

The code beside it may come from a stranger, so validating and building never import it. Everything that they need is
in the declaration: a JSON Schema of the options, in a small part of JSON Schema, and four keys of ours (`x-subject`,
`x-secrets`, `x-defaults`, `x-words`). A keyword that is not read here is refused, so that nothing is silently not checked.

The declaration becomes a kind like any other: `Options` is made of the same types as those of our own kinds.
"""

import json
import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, make_dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from constat.config.declared_options import DeclaredOption, choose_type
from constat.config.destinations import KEY as DESTINATIONS
from constat.config.fields import Count, Duration, LocalText, SecretText, Text, Timeout, about
from constat.config.fields.text_fields import find_secret_names
from constat.config.problem_log import ProblemLog
from constat.config.sections import COMMON_KEYS
from constat.config.value_parsing import parse_value
from constat.errors import InputError, Problem
from constat.model.kinds import Defaults, SecretUse
from constat.model.rules import Affects
from constat.text import yaml_source
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Path, Value

T = TypeVar("T")

MOST_OPTIONS = 40
_OPTION = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NAMING_HOSTS = ("hostname", "uri")


@dataclass(frozen=True, slots=True)
class _WrittenDefaults:
    """The common keys that a check of this kind may leave out of `status.yml`."""

    affects: Affects | None = None
    interval: Duration | None = None
    timeout: Timeout | None = None
    attempts: Count | None = None


class DeclaredKind(NamedTuple):
    """A kind that a project brings, as declared; it implements `constat.model.kinds.KindContract`.

    `words`: what such a check expects, in customers' words by language; empty to use the general words.
    """

    name: str
    Options: type[Any]
    DEFAULTS: Defaults
    subject_from: str = ""
    secrets: Mapping[str, str] = MappingProxyType({})
    words: Mapping[str, str] = MappingProxyType({})

    def subject(self, options: object, /) -> str:
        """Name the host in the option that the declaration names; nothing where it names none, or none is written."""
        return _find_host(getattr(options, self.subject_from, None)) if self.subject_from else ""

    def secret_uses(self, options: object, /) -> tuple[SecretUse, ...]:
        """List the secrets in the options that may hold some, each with the host that the declaration names."""
        return tuple(
            SecretUse(secret, _find_host(getattr(options, target)))
            for option, target in self.secrets.items()
            for secret in find_secret_names(getattr(options, option) or "")
        )


def list_written_options(options: object) -> dict[str, Any]:
    """The options that were written, or have a default in the declaration, by name."""
    if not is_dataclass(options) or isinstance(options, type):
        raise TypeError(options)
    values = ((key.name, getattr(options, key.name)) for key in fields(options))
    return {name: value for name, value in values if value is not None}


def _find_host(text: str | None) -> str:
    """The host of an address, or the host itself."""
    if not text:
        return ""
    return urlsplit(text).hostname or "" if "://" in text else text


@lru_cache(maxsize=64)
def read_declared_kind(name: str, text: str, file: str) -> DeclaredKind:
    """Read the declaration of a kind. The same text gives the same kind, so that its types are made once.

    Raises:
        InputError: something is wrong; it has all problems at once.

    """
    _refuse_what_is_not_json(text, file)
    document = yaml_source.read_yaml_at(text, file)
    log = ProblemLog(document, list(document.problems))
    if not isinstance(document.data, dict):
        raise InputError([Problem(file, 1, 0, "not a table of keys", 'write {"properties": {...}}')])
    kind = _Declaration(log, document.data).read(name)
    if log.problems or kind is None:
        raise InputError(log.problems)
    return kind


def _refuse_what_is_not_json(text: str, file: str) -> None:
    """Refuse a file that is not JSON: editors and programs read it as such. We parse it as YAML, to know each value's place."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        problem = Problem(file, error.lineno, error.colno, f"not JSON: {error.msg}", "correct it there")
        raise InputError([problem]) from None
    except RecursionError:
        raise InputError([Problem(file, 0, 0, "nested too deeply", "make it flat")]) from None


_READ_KEYS = (
    *("$schema", "$id", "title", "description", "type", "properties", "required", "additionalProperties"),
    *("x-subject", "x-secrets", "x-defaults", "x-words"),
)


class _Declaration(NamedTuple):
    """A declaration that is being read. Each part is read only once, since reading it notes its problems."""

    log: ProblemLog
    data: Mapping[str, Value]

    def read(self, name: str) -> DeclaredKind | None:
        """Read it all; `None` where something is wrong."""
        self._check_keywords()
        properties = self._read_properties()
        required: tuple[str, ...] = self._take(("required",), tuple[Text, ...], ())
        secrets: Mapping[str, str] = self._take(("x-secrets",), Mapping[Text, Text], {})
        subject: str = self._take(("x-subject",), Text, "")
        self._refuse_unknown_options(("required",), required, properties)
        self._check_secrets(secrets, required, properties)
        if subject:
            self._check_names_host(("x-subject",), subject, properties)
        kind = DeclaredKind(
            name,
            self._make_options(properties, required, secrets),
            self._read_defaults(),
            subject,
            secrets,
            self._take(("x-words",), LocalText, {}),
        )
        return None if self.log.problems else kind

    def _check_keywords(self) -> None:
        for key in self.data:
            if key not in _READ_KEYS:
                hint = did_you_mean(key, _READ_KEYS)
                self.log.wrong((key,), f"the keyword {key} is not read here", hint, at_key=True)
        for key, only in (("type", "object"), ("additionalProperties", "false")):
            if self.data.get(key, only) != only:
                self.log.wrong((key,), f"{key} is always {only} here", "write that, or leave it out")

    def _read_properties(self) -> dict[str, DeclaredOption]:
        written = self.data.get("properties")
        if not isinstance(written, dict) or not 0 < len(written) <= MOST_OPTIONS:
            hint = 'write "properties": {"host": {"type": "string", "format": "hostname"}}'
            self.log.wrong(("properties",), f"no table of 1 to {MOST_OPTIONS} options", hint)
            return {}
        read = {option: self._read_property(option, value) for option, value in written.items()}
        fit = [option for option in written if self._has_fit_name(option)]
        return {option: value for option in fit if (value := read[option]) is not None}

    def _has_fit_name(self, option: str) -> bool:
        """Whether the name of an option is allowed; note a problem if not."""
        where = ("properties", option)
        if option in (*COMMON_KEYS, DESTINATIONS):
            self.log.wrong(
                where, f"every check has the key {option}", "give the option another name", at_key=True
            )
        elif not _OPTION.fullmatch(option) or keyword.iskeyword(option) or option.endswith("_"):
            hint = "write lower-case letters, digits and _ between them: queue_name"
            self.log.wrong(where, f"{option!r} is not a valid name of an option", hint, at_key=True)
        else:
            return True
        return False

    def _read_property(self, option: str, data: Value) -> DeclaredOption | None:
        """Read the declaration of an option without its default, which is parsed later, by the type of the option."""
        if isinstance(data, dict):
            data = {key: value for key, value in data.items() if key != "default"}
        return self._parse(("properties", option), data, DeclaredOption)

    def _read_defaults(self) -> Defaults:
        """Read the common keys that may be left out, and keep them as they are written."""
        self._take(("x-defaults",), _WrittenDefaults, None)
        data = self.data.get("x-defaults")
        written: Any = data if isinstance(data, dict) else {}
        return Defaults(*(written.get(key) for key in ("affects", "interval", "timeout", "attempts")))

    def _check_secrets(
        self, secrets: Mapping[str, str], required: tuple[str, ...], properties: Mapping[str, DeclaredOption]
    ) -> None:
        self._refuse_unknown_options(("x-secrets",), secrets, properties)
        for option, target in secrets.items():
            where, given = ("x-secrets", option), properties.get(option)
            if given and (given.type != "string" or given.format or given.enum):
                self.log.wrong(where, f"{option} is not a plain string", "only a string may hold a secret")
            self._check_names_host(where, target, properties)
            if target in properties and target not in required:
                hint = f'add "{target}" to required: a secret goes to a host that is written'
                self.log.wrong(where, f"the option {target} may be left out", hint)

    def _check_names_host(self, where: Path, option: str, properties: Mapping[str, DeclaredOption]) -> None:
        if option not in properties or properties[option].format not in _NAMING_HOSTS:
            hint = 'name an option with "format": "hostname" or "uri"'
            self.log.wrong(where, f"{option} is not an option that names a host", hint)

    def _refuse_unknown_options(
        self, where: Path, named: Iterable[str], properties: Mapping[str, DeclaredOption]
    ) -> None:
        written = self.log.document.value_at(("properties",))
        known = written if isinstance(written, dict) else properties
        for option in named:
            if option not in known:
                self.log.wrong(where, f"there is no option {option}", did_you_mean(option, known))

    def _make_options(
        self, properties: Mapping[str, DeclaredOption], required: tuple[str, ...], secrets: Mapping[str, str]
    ) -> type[Any]:
        """Make the dataclass of the options; one that is left out has its default, or `None`."""
        first: list[Any] = []
        last: list[Any] = []
        for option, given in properties.items():
            hint = SecretText if option in secrets else choose_type(given)
            described = about(given.description or "")
            default = self._take(("properties", option, "default"), hint, None)
            if option in required:
                first.append((option, Annotated[hint, described]))
            else:
                last.append((option, Annotated[hint | None, described], field(default=default)))
        return make_dataclass("Options", [*first, *last], frozen=True, slots=True)

    def _take(self, path: Path, declaration: Any, otherwise: Any) -> Any:  # noqa: ANN401 (any type)
        """Read the value at a path; `otherwise` where nothing is written, or what is written is invalid."""
        data = self.log.document.value_at(path)
        value = None if data is None else self._parse(path, data, declaration)
        return otherwise if value is None else value

    def _parse(self, path: Path, data: Value, declaration: type[T]) -> T | None:
        value, faults = parse_value(declaration, data, ())
        for fault in faults:
            self.log.fault(path, fault)
        return value
