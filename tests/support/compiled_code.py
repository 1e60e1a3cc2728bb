"""Our own code, compiled once for all checkouts: compiling it in each would take half the time of a short job.

The compiled files hold the hash of their source (PEP 552), so a checkout with other code compiles that as always.
"""

import importlib.util
import py_compile
from functools import cache
from pathlib import Path

from tests.support.source_tree import CODE_FOLDERS, ROOT, list_files


@cache
def _compile_all() -> dict[str, bytes]:
    """The compiled form of every file of the code, by its path from the root on."""
    compiled = {}
    for source in (ROOT / "generate.py", *list_files(*CODE_FOLDERS)):
        target = Path(importlib.util.cache_from_source(str(source))).with_suffix(".hashed")
        py_compile.compile(
            str(source), str(target), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH
        )
        compiled[str(source.relative_to(ROOT))] = target.read_bytes()
        target.unlink()
    return compiled


def bring_compiled_code(checkout: Path) -> None:
    """Put the compiled form beside every file of the code that a checkout has."""
    for path, data in _compile_all().items():
        source = checkout / path
        if source.exists():
            target = Path(importlib.util.cache_from_source(str(source)))
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(data)
