"""The messages in the sources, as `pybabel extract` finds them, and the translation files brought up to date.

    python -m tests.support.message_catalogs

adds to every `templates/translations/*.po` what is new in the sources, and takes out what is gone.
"""

import io
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from constat.i18n import SOURCE
from tests.support.source_tree import ROOT

FOLDER = ROOT / "templates" / "translations"
KEYWORDS = {
    "say": None,
    "say_raw": None,
    "say_many": (1, 2),
    "say_in": ((1, "c"), 2),
    "_pattern": ((1, "c"), 2),
    "join_plain_text": (2,),
    "message": None,
}
"""The functions whose first words are messages. `message` marks a message that is used elsewhere."""

METHODS = [("constat/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]


def extract_messages() -> Catalog:
    """Extract every message of the sources."""
    catalog = Catalog(charset="utf-8")
    for file, _, message, comments, context in _extract():
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


@cache
def _extract() -> tuple[tuple[str, int, Any, list[str], str | None], ...]:
    """Every message with its place, in their order. Reading all sources takes seconds, so it is done once."""
    messages = extract_from_dir(
        ROOT, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    return tuple(sorted(messages, key=lambda item: (item[0], item[1])))


def list_files() -> list[Path]:
    """List every translation file."""
    return sorted(FOLDER.glob("*.po"))


def list_languages() -> list[str]:
    """List the languages of pages: that of the sources, and one for each translation file."""
    return sorted({SOURCE, *(path.stem for path in list_files())})


def read(path: Path) -> Catalog:
    """Read a translation file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def read_head(path: Path) -> str:
    """Read the first entry of a translation file, which names its language, with the comment above it."""
    return path.read_text(encoding="utf-8").partition("\n\n")[0] + "\n\n"


def update_translation(path: Path) -> str:
    """Update a translation file to the messages of the sources: new ones empty, old ones removed, the rest kept."""
    old, whole = read(path), extract_messages()
    for message in whole:
        if message.id:
            known = old.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
            if known is not None and type(known.id) is type(message.id):
                message.string = known.string
            message.flags.update(known.flags & {"fuzzy"} if known is not None else ())
    whole.locale = old.locale
    written = io.BytesIO()
    write_po(written, whole, width=0, omit_header=True, include_lineno=False)
    return read_head(path) + written.getvalue().decode()


def main() -> None:
    """Bring every file up to date."""
    for path in list_files():
        if path.stem != SOURCE:
            path.write_text(update_translation(path), encoding="utf-8")


if __name__ == "__main__":
    main()
