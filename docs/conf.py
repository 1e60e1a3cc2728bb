"""The documentation as a site, made by `make docs`: Sphinx reads this file, and the pages are the Markdown beside it.

The pages are written to be read in the repository as well, so their index is `README.md`, its links are the navigation, and a link
to a file outside `docs/` leads to that file in the repository: at `CONSTAT_SOURCE_URL`, where the environment names it.
"""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # tests read this file where Sphinx is not installed
    from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
SOURCE_URL = os.environ.get("CONSTAT_SOURCE_URL", "").rstrip("/")
"""Where the files of this commit can be read, such as `https://github.com/OWNER/NAME/blob/COMMIT`."""

project = "Constat"
html_title = "Constat"
root_doc = "README"
extensions = ["myst_parser"]
exclude_patterns = ["_site", "gallery", "small-month"]
suppress_warnings = ["myst.header"]  # a page of the reference may begin with the name of a key
myst_heading_anchors = 6
"""Headings get the anchors that they have in the repository."""
html_theme = "furo"
html_show_copyright = False
html_copy_source = False

CAPTION = re.compile(r"^\*\*(?P<caption>[^*]+)\*\*", re.MULTILINE)
PAGE_LINK = re.compile(r"\]\((?P<page>[\w/.-]+)\.md\)")
LINK = re.compile(r"\[(?P<text>[^][]+)\]\((?P<path>\.\./[^)#:]+)(?P<anchor>#[^)]*)?\)")


def add_navigation(_app: "Sphinx", docname: str, source: list[str]) -> None:
    """Make the links of an index the navigation of the site, under the headings that stand above them."""
    folder, _, name = docname.rpartition("/")
    if name != "README":
        return
    text = source[0]
    starts = [(found.start(), found["caption"]) for found in CAPTION.finditer(text)] or [(0, "")]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    for (start, caption), end in zip(starts, ends, strict=True):
        pages = [f"/{folder}/{page}".replace("//", "/") for page in PAGE_LINK.findall(text[start:end])]
        source[0] += _write_toctree(caption, pages)


def _write_toctree(caption: str, pages: list[str]) -> str:
    options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    return "\n".join(["", "", "```{toctree}", *options, "", *dict.fromkeys(pages), "```", ""])


def link_to_repository(_app: "Sphinx", docname: str, source: list[str]) -> None:
    """Lead a link that leaves `docs/` to where that file can be read; without such a place only its words stay."""
    folder = (HERE / docname).parent

    def rewrite(link: re.Match[str]) -> str:
        file = (folder / link["path"]).resolve()
        if file.is_relative_to(HERE) or not file.exists():
            return link[0]
        address = f"{SOURCE_URL}/{file.relative_to(HERE.parent)}{link['anchor'] or ''}"
        return f"[{link['text']}]({address})" if SOURCE_URL else link["text"]

    source[0] = LINK.sub(rewrite, source[0])


def setup(app: "Sphinx") -> None:
    """Have both see each page as it is read."""
    app.connect("source-read", link_to_repository)
    app.connect("source-read", add_navigation)
