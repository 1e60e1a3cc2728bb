"""The loading of `status.yml`, from its text to `Config` or to everything that is wrong with it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from typing import TypeVar

from constat.config import defaults, rules, written, written_notify
from constat.config.sections import Reader, ReadService
from constat.errors import InputError, Problem
from constat.model.kinds import Kind
from constat.model.settings import Config
from constat.text import yaml_source
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Value

T = TypeVar("T")


def load_config(text: str, file: str, kinds: Collection[str], kind: Callable[[str], Kind]) -> Config:
    """Read `status.yml`. `kinds`: the names of all kinds of check; `kind` gives one of them.

    Raises:
        InputError: something is wrong; it has all problems at once.

    """
    document = yaml_source.read_yaml_at(text, file)
    if not isinstance(document.data, dict):
        none = Problem(file, 1, 0, "the file has no settings", "begin with page: and its keys")
        raise InputError([*document.problems, none])
    reader = Reader(document, kinds, kind, secrets=_declared(document.data.get("secrets")))
    reader.problems += document.problems
    config = _config(reader, document.data)
    if reader.problems or config is None:
        raise InputError(reader.problems)
    return config


def _declared(secrets: Value | None) -> Collection[str]:
    return tuple(secrets) if isinstance(secrets, dict) else ()


def _config(reader: Reader, data: dict[str, Value]) -> Config | None:
    """Read each section by itself, then check the rules between them."""
    _root_keys(reader, data)
    page = _section(reader, data, "page", written.Page)
    monitor = _section(reader, data, "monitor", written.Monitor)
    sla = _section(reader, data, "sla", written.Sla)
    secrets: Mapping[str, tuple[str, ...]] | None = _section(reader, data, "secrets", written.SECRETS)
    support = _section(reader, data, "support", written.Support)
    notify = _section(reader, data, "notify", written_notify.Notify)
    subscribe = _section(reader, data, "subscribe", written_notify.Subscribe)
    services = _services(reader, data.get("services", ""))
    looking = defaults.resolve_monitor(monitor or written.Monitor(vantage="unnamed"))
    rules.check_consistency(reader, rules.Parts(page, looking, services, support, secrets or {}, notify))
    if page is None or monitor is None or sla is None:
        return None
    return Config(
        page=defaults.resolve_page(page),
        monitor=looking,
        secrets=dict(secrets or {}),
        sla=defaults.resolve_sla(sla),
        services=tuple(defaults.resolve_service(service, sla, looking) for service in services),
        support=defaults.resolve_support(support) if support else None,
        notify=defaults.resolve_notify(notify, page.languages[0]) if notify and page.languages else None,
        mailing_list_url=(subscribe.email if subscribe else None) or "",
    )


def _root_keys(reader: Reader, data: dict[str, Value]) -> None:
    known = [section.name for section in fields(written.Root)]
    for key in data:
        if key not in known:
            reader.wrong((key,), f"unknown key {key}", did_you_mean(key, known), at_key=True)
    for key in ("page", "monitor", "sla", "services"):
        if key not in data:
            reader.wrong((), f"the section {key} is missing", f"write {key}: with its keys below it")


def _section(reader: Reader, data: dict[str, Value], name: str, kind: type[T]) -> T | None:
    return reader.read((name,), data[name], kind) if name in data else None


def _services(reader: Reader, data: Value) -> tuple[ReadService, ...]:
    if not isinstance(data, list):
        if data:
            reader.wrong(("services",), "not a list", "write one service after each hyphen: - id: website")
        return ()
    read = [reader.service(number, service) for number, service in enumerate(data)]
    return tuple(service for service in read if service)


def load_options(name: str, kind: Kind, words: Mapping[str, Value], secrets: Collection[str] = ()) -> object:
    """Read a kind's options as given by hand, such as on the command line of `probe`.

    Raises:
        InputError: something is wrong; it has all problems at once.

    """
    document = yaml_source.Document(name, dict(words), {(): (0, 0)}, {})
    reader = Reader(document, (name,), lambda _name: kind, secrets)
    read = reader.options((), words, kind)
    if reader.problems or read is None:
        raise InputError(reader.problems)
    return read
