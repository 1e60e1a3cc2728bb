"""Rules of the places that checks run from, and of the quorum that decides where they disagree."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from constat.config.destinations import expand_destinations
from constat.config.fields import MillisecondsByVantage
from constat.config.problem_log import ProblemLog, refuse_duplicates
from constat.config.sections import Monitor, ParsedCheck
from constat.errors import Problem
from constat.text import yaml_source
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Document, Path, Value


def check_places(log: ProblemLog, monitor: Monitor) -> None:
    """Check `monitor.vantages`: it must describe the monitor's own vantage, whose keys must not also stand directly under `monitor`."""
    if not monitor.vantages:
        return
    own = monitor.vantages.get(monitor.vantage)
    if own is None:
        _refuse_unknown(log, ("monitor", "vantage"), monitor.vantage, monitor)
        return
    for key in ("canaries", "blocked"):
        if getattr(own, key) and getattr(monitor, key):
            message = f"{key} of {monitor.vantage} are also written directly under monitor"
            log.wrong(("monitor", "vantages", monitor.vantage, key), message, "keep one")


def check_vantages(log: ProblemLog, parsed: ParsedCheck, monitor: Monitor | None) -> None:
    """Check the vantages of a check. A check that names none runs from the monitor's."""
    vantages, quorum = parsed.check.vantages, parsed.check.quorum or 1
    count = 1 if vantages is None else len(vantages)
    if quorum > count:
        message = f"the quorum of {quorum} is larger than the number of vantages, {count}"
        log.wrong((*parsed.path, "quorum"), message, "lower it, or add vantages")
    refuse_duplicates(log, (*parsed.path, "vantages"), vantages or ())
    _check_bounds(log, parsed, monitor)
    if monitor and monitor.vantages:
        for number, name in enumerate(vantages or ()):
            if name not in monitor.vantages:
                _refuse_unknown(log, (*parsed.path, "vantages", number), name, monitor)


def _check_bounds(log: ProblemLog, parsed: ParsedCheck, monitor: Monitor | None) -> None:
    """Refuse a bound for a vantage that the check does not run from: it would never apply."""
    own = (monitor.vantage,) if monitor else None
    runs_from = own if parsed.check.vantages is None else parsed.check.vantages
    if runs_from is None or not is_dataclass(parsed.options):
        return
    for option in fields(parsed.options):
        bounds = getattr(parsed.options, option.name)
        for vantage in bounds if isinstance(bounds, MillisecondsByVantage) else ():
            if vantage not in runs_from:
                hint = did_you_mean(vantage, runs_from, otherwise=f"write {' or '.join(runs_from)}")
                log.wrong((*parsed.path, option.name, vantage), f"the check is not made from {vantage}", hint)


def _refuse_unknown(log: ProblemLog, path: Path, name: str, monitor: Monitor) -> None:
    hint = did_you_mean(name, monitor.vantages, otherwise="add it there")
    log.wrong(path, f"monitor.vantages has no {name}", hint)


def find_missing_quorums(text: str, file: str) -> Iterator[Problem]:
    """Find the checks with several vantages and no quorum, in a valid `status.yml`.

    Without one, the quorum is 1; but what a disagreement means is part of the promise, and should be chosen.
    """
    document = expand_destinations(yaml_source.read_yaml_at(text, file))
    for path, check in _list_checks(document):
        vantages = check.get("vantages")
        if "quorum" not in check and isinstance(vantages, list) and len(vantages) > 1:
            message = f"{len(vantages)} vantages without a quorum"
            yield document.problem((*path, "vantages"), message, _explain_choices(len(vantages)))


def find_unreachable_mail(text: str, file: str) -> Iterator[Problem]:
    """Find checks of port 25 from GitHub's machines, which cannot reach it, in a valid `status.yml`.

    Every such check would be down for ever, unless the port is said to be blocked there.
    """
    document = expand_destinations(yaml_source.read_yaml_at(text, file))
    own = str(document.value_at(("monitor", "vantage")))
    for path, check in _list_checks(document):
        written = check.get("vantages")
        for vantage in written if isinstance(written, list) else [own]:
            if (
                _asks_port_25(check)
                and _is_github(str(vantage))
                and not _blocks_25(document, str(vantage), own)
            ):
                where = (
                    f"monitor.vantages.{vantage}" if document.value_at(("monitor", "vantages")) else "monitor"
                )
                hint = f"write blocked: [25] under {where}, or check from another place"
                yield document.problem((*path, "port"), "GitHub's machines cannot reach port 25", hint)


def _asks_port_25(check: Mapping[str, Value]) -> bool:
    is_mx = check.get("kind") == "mx" and str(check.get("connect", "true")).lower() not in ("false", "no")
    return str(check.get("port", "25" if is_mx else "")) == "25"


def _is_github(vantage: str) -> bool:
    """Whether a vantage is called as the starter calls GitHub's machines, or by that name."""
    return vantage == "gha" or "github" in vantage.lower()


def _blocks_25(document: Document, vantage: str, own: str) -> bool:
    """Whether port 25 is said to be blocked there; `monitor.blocked` is for the vantage of the monitor itself."""
    places: list[Path] = [("monitor", "vantages", vantage, "blocked")]
    if vantage == own or not document.value_at(("monitor", "vantages", vantage)):
        places.append(("monitor", "blocked"))
    ports = [port for place in places for port in (document.value_at(place) or ())]
    return "25" in ports


def _list_checks(document: Document) -> Iterator[tuple[Path, Mapping[str, Value]]]:
    number = 0
    while ("services", number) in document.places:
        checks = document.value_at(("services", number, "checks"))
        for place, check in enumerate(checks if isinstance(checks, list) else ()):
            if isinstance(check, dict):
                yield ("services", number, "checks", place), check
        number += 1


def _explain_choices(count: int) -> str:
    """Say in one sentence what each quorum of some vantages means."""
    middle, everyone = "", "both"
    if count > 2:  # noqa: PLR2004
        middle, everyone = ", quorum: 2 once any 2 of them do", f"all {count}"
    if count > 3:  # noqa: PLR2004
        middle += ", and so on"
    return (
        f"with quorum: 1 the service is down as soon as one of them sees it down{middle}, "
        f"and with quorum: {count} only when {everyone} do"
    )
