"""Where a site publishes its statements and the evidence for them."""

from constat.history import DAY_FILE


def build_statement_path(month: str, number: int = 0) -> str:
    """Build the path of a statement in the site; a superseded statement has a number from 1."""
    return f"api/sla/{month}.{number}.json" if number else f"api/sla/{month}.json"


def build_evidence_path(path: str) -> str:
    """Build the path in the site of a file of evidence, from its path in `history/`."""
    if DAY_FILE.fullmatch(path):
        return f"evidence/{path}.gz"
    if path.startswith("statements/"):
        month = path.removeprefix("statements/").removesuffix(".tickets.csv")
        return f"evidence/tickets-{month}.csv"
    return f"evidence/{path}"


def list_day_file_names(path: str) -> tuple[str, ...]:
    """List the names that a day file may have in an archive: as a page publishes it, gzipped, and as it is in `history/`."""
    return build_evidence_path(path), f"{path}.gz", path
