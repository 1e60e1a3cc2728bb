"""The index as it is, kept in a file, so that a change of markup is seen in review.

    python -m tests.support.golden

writes `tests/golden/index.html` anew.
"""

import re

from tests.support.sites import site
from tests.support.source import ROOT

FILE = ROOT / "tests" / "golden" / "index.html"
SCENE = "outage-explained"
"""Maxony's five services, one of them down, with a notice, history and a maintenance to come."""


def made() -> str:
    """The index of the scene in the first language; what is reviewed in files of its own is left out."""
    html = site(SCENE)["index.html"].decode()
    html = re.sub(r"(<style>).*?(</style>)", r"\1\2", html, flags=re.DOTALL)
    html = re.sub(r"(<script>).*?(</script>)", r"\1\2", html, flags=re.DOTALL)
    return re.sub(r"sha256-[\w+/=]+", "sha256-...", html)


def main() -> None:
    """Write the file."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
