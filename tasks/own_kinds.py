"""Load the code of a project's own kinds, where it is allowed to run."""

from collections.abc import Callable, Iterable

from checks.own_kinds import OwnKind, OwnProbe, load_own_kind
from checks.registry import KINDS
from constat.errors import InputError
from constat.model import Config
from outside.project.own_kinds import build_code_path, read_code
from tasks.project import Project


def allow_own_kinds(project: Project, names: Iterable[str], log: Callable[[str], None]) -> OwnProbe:
    """Load the code of the project's own kinds among these names; `log` receives what cannot be loaded."""
    own = sorted({name for name in names if name not in KINDS})
    loaded = {name: _load_code(project, name) for name in own}
    for name, kind in loaded.items():
        if kind.module is None:
            log(f"{build_code_path(name)} was not loaded: {kind.error}")
    return OwnProbe(loaded)


def _load_code(project: Project, name: str) -> OwnKind:
    path = build_code_path(name)
    try:
        return load_own_kind(name, read_code(project.root, name), project.root / path)
    except InputError as error:
        return OwnKind(path, error=error)


def list_used_kinds(config: Config) -> frozenset[str]:
    """List the kinds of the checks that we make ourselves."""
    return frozenset(check.kind for service in config.services for check in service.checks if not check.via)
