"""The current index of the demo, kept in a file, so that every change of markup shows up in review.

    python -m tests.support.golden_index

writes `tests/golden/index.html` again.
"""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tasks.build import rehearse_site
from tasks.project import Project
from tests.support import demo_states
from tests.support.source_tree import ROOT

FILE = ROOT / "tests" / "golden" / "index.html"
STATE = "outage-explained"
"""One service down, with a notice; ninety days with incidents, gaps and maintenance; another maintenance to come."""


def build_demo(base: Path, root: Path) -> Mapping[str, bytes]:
    """Build the demo's site in that state, by path."""
    demo_states.write_state(STATE, base, root)
    return rehearse_site(Project(root, ROOT, demo_states.NOW)).files


def extract_reviewed_index(files: Mapping[str, bytes]) -> str:
    """Return the index in its first language, without the parts that are reviewed in files of their own."""
    html = files["index.html"].decode()
    html = re.sub(r"(<style>).*?(</style>)", r"\1\2", html, flags=re.DOTALL)
    html = re.sub(r"(<script>).*?(</script>)", r"\1\2", html, flags=re.DOTALL)
    return re.sub(r"sha256-[\w+/=]+", "sha256-...", html)


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as work:
        base = Path(work) / "base"
        demo_states.write_base(base)
        FILE.write_text(extract_reviewed_index(build_demo(base, Path(work) / STATE)), encoding="utf-8")


if __name__ == "__main__":
    main()
