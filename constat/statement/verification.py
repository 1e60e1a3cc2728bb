"""The verification of a frozen month: it is recomputed from its evidence and compared, and every fault is named."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from constat.availability import find_credit
from constat.history import CheckId
from constat.interval import Instant
from constat.model import Credit
from constat.spreading import Spread, do_one_by_one
from constat.statement.decode import decode_statement, read_json
from constat.statement.differences import Difference, find_differences
from constat.statement.encode import build_content
from constat.statement.file_troubles import find_file_troubles
from constat.statement.later_evidence import describe_later, describe_seals
from constat.statement.recomputation import EvidenceFiles, recompute
from constat.statement.unreadable_rows import describe_unreadable
from constat.text.canonical import encode_canonical

NOT_RECOMPUTED = "not recomputed"


class ServiceRow(NamedTuple):
    """One service in a report: its availability as frozen and as recomputed.

    `agreed_hours`: whether only agreed hours count. `credit`: what is owed, in words; empty without a table of credits.
    """

    service: str
    frozen: str | None
    recomputed: str | None
    verdict: str
    agreed_hours: bool = False
    credit: str = ""


class MonthReport(NamedTuple):
    """The report on one month. `troubles`: why it does not verify. `notes`: what could not be verified, or is worth knowing.

    `firsts`: the first samples in its day files.
    """

    month: str
    rows: tuple[ServiceRow, ...]
    troubles: tuple[str, ...]
    notes: tuple[str, ...]
    firsts: Mapping[CheckId, Instant]


def verify_month(
    data: bytes, name: str, evidence: EvidenceFiles, spread: Spread = do_one_by_one
) -> MonthReport:
    """Recompute a frozen month and compare; `spread`: how its days are read.

    Raises:
        EvidenceError: the statement cannot be read at all.

    """
    frozen, written = decode_statement(data, name), read_json(data)
    troubles = [f"{name} is not written as Constat writes it"] if _is_spelt_otherwise(written, data) else []
    troubles += find_file_troubles(frozen, evidence)
    needed = [file.path for file in frozen.evidence if not file.path.startswith("statements/")]
    missing = [path for path in needed if path not in evidence.files]
    if missing:
        gone = f"{frozen.month}: {len(missing)} of its files are not published: not recomputed"
        notes = [] if evidence.complete else [gone]
        return MonthReport(frozen.month, tuple(_list_rows(written, None)), tuple(troubles), tuple(notes), {})
    recomputed = recompute(frozen, evidence, spread)
    stated = build_content(recomputed.statement)
    troubles += [f"{frozen.month} {difference}" for difference in _find_figure_differences(written, stated)]
    notes = [
        *recomputed.notes,
        *describe_later(frozen, evidence, recomputed),
        *describe_seals(frozen, recomputed),
    ]
    skipped = recomputed.inputs.evidence.skipped
    notes += describe_unreadable(frozen.month, skipped, evidence.files, frozen.frozen_at)
    rows = tuple(_list_rows(written, stated))
    return MonthReport(frozen.month, rows, tuple(troubles), tuple(notes), recomputed.inputs.sampled)


def _is_spelt_otherwise(written: object, data: bytes) -> bool:
    return encode_canonical(written).encode() + b"\n" != data


def _find_figure_differences(written: Mapping[str, Any], stated: Mapping[str, Any]) -> Iterator[Difference]:
    """Find all differences. Of the list of files only `sealed` is compared: `find_file_troubles` describes the rest."""
    for difference in find_differences(written, stated):
        if not difference.where.startswith("evidence") or difference.where.endswith(".sealed"):
            yield difference


def _list_rows(written: Mapping[str, Any], stated: Mapping[str, Any] | None) -> Iterator[ServiceRow]:
    """One row per service with the figure that counts; a service may be missing on one side."""
    frozen_services = {service["id"]: service for service in written["services"]}
    recomputed_services = (
        frozen_services if stated is None else {service["id"]: service for service in stated["services"]}
    )
    for service in dict.fromkeys((*frozen_services, *recomputed_services)):
        stated_here = frozen_services.get(service) or recomputed_services[service]
        recomputed = NOT_RECOMPUTED if stated is None else _get_counted(recomputed_services.get(service))
        yield ServiceRow(
            service,
            _get_counted(frozen_services.get(service)),
            recomputed,
            stated_here["verdict"],
            bool(stated_here["rules"].get("hours")),
            _describe_credit(stated_here),
        )


def _describe_credit(service: Mapping[str, Any]) -> str:
    """A credit with how certain it is: `10 %, certain`; `10 %, between 0 % and 25 %`; empty without a table of credits."""
    credit = service.get("credit")
    if credit is None:
        return ""
    observed, certain = credit["observed"], credit["certain"]
    if certain is None:
        return "nothing counts"
    if observed is None:
        return "not measured"
    most = _find_most(service)
    return (
        f"{observed} %, certain"
        if most == Decimal(certain)
        else f"{observed} %, between {certain} % and {most:f} %"
    )


def _find_most(service: Mapping[str, Any]) -> Decimal:
    """The credit that is owed if the service was down whenever nothing was measured."""
    left_out = service["maintenance"] if service["counts"] == "without_maintenance" else {}
    seconds = {state: count - left_out.get(state, 0) for state, count in service["seconds"].items()}
    good, window = seconds["up"] + seconds["degraded"], seconds["window"]
    table = [
        Credit(Decimal(row["below"]), Decimal(row["percent"])) for row in service["rules"].get("credits", ())
    ]
    return find_credit(Fraction(good, window) if window else None, table) or Decimal(0)


def _get_counted(service: Mapping[str, Any] | None) -> str | None:
    if service is None:
        return None
    availability: str | None = service[service["counts"]]["availability"]
    return availability
