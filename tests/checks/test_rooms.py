"""The packages inside checks/: kinds use sessions and records, which know no kind.

What others make for us stands on the kinds that they can make: it reads their options.
"""

from pathlib import Path

import pytest

from tests.support.source_tree import ROOT, list_files, list_imports

MAY_USE = {
    "network": {"network", "option_types", "probing", "reasons", "secrets"},
    "records": {"records", "network", "probing", "reasons", "secrets"},
    "kinds": {"network", "records", "option_types", "probing", "reasons", "secrets"},
    "elsewhere": {"kinds", "network", "probing", "reasons"},
}
"""Room -> the rooms and modules of checks/ that it may use."""
NO_ROOM = {"network", "records"} | {path.stem for path in (ROOT / "checks").glob("*.py")}


@pytest.mark.parametrize("path", list_files("checks"), ids=lambda path: str(path.relative_to(ROOT)))
def test_package_imports_only_lower_layers(path: Path) -> None:
    """The modules beside the rooms know the kinds by their names alone, from the registry."""
    room = path.relative_to(ROOT).parts[1]
    used = {imported.split(".")[1] for imported in list_imports(path) if imported.startswith("checks.")}
    assert used <= MAY_USE.get(room, NO_ROOM)
