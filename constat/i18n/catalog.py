"""Translations: one `.po` file for each language, read as it is, without compilation.

The messages in the sources are in English; a file translates them into another language. English needs no file.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import NamedTuple

from constat.errors import InputError, Problem

SOURCE = "en"
"""The language of the messages in the sources."""

FOLDER = "translations"
"""The folder of the files, below `templates/`."""


def message(text: str) -> str:
    """Mark a text that is translated elsewhere, so that it is extracted."""
    return text


class Catalog(NamedTuple):
    """The messages of one language. Keys are (context, English); a message with a plural has all of its forms.

    `form` gives the index of the plural form for a number.
    """

    language: str
    messages: Mapping[tuple[str, str], tuple[str, ...]]
    form: Callable[[int], int]

    def one(self, message: str, context: str = "") -> str:
        """Translate a message; it stays in English where there is no translation."""
        return self.messages.get((context, message), (message,))[0]

    def many(self, singular: str, plural: str, number: int) -> str:
        """Translate a message in the form for a number; it stays in English where there is no translation."""
        forms = self.messages.get(("", singular))
        if forms is None:
            return singular if number == 1 else plural
        return forms[min(self.form(number), len(forms) - 1)]


def _english(number: int) -> int:
    return int(number != 1)


def parse(language: str, data: bytes, file: str) -> Catalog:
    """Read a translation file.

    Raises:
        InputError: it is not a `.po` file.

    """
    from gettext import c2py  # noqa: PLC0415 -- only needed for a language with a file

    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 -- the same

    try:
        entries = read_po(BytesIO(data), locale=language, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise InputError([Problem(file, 0, 0, f"this is not a translation file: {error}")]) from None
    messages: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in entries:
        forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        identity = message.id if isinstance(message.id, str) else message.id[0]
        if identity and all(forms) and not message.fuzzy:
            messages[message.context or "", identity] = tuple(str(form) for form in forms)
    return Catalog(language, messages, c2py(entries.plural_expr))


def load(language: str, files: Mapping[str, bytes]) -> Catalog:
    """Load the catalog of a language, from the files below `templates/` by their path.

    Raises:
        InputError: there is no file for it.

    """
    path = f"{FOLDER}/{language}.po"
    if path in files:
        return parse(language, files[path], f"templates/{path}")
    if language == SOURCE:
        return Catalog(SOURCE, {}, _english)
    available = sorted({SOURCE, *(name[len(FOLDER) + 1 : -3] for name in files if name.endswith(".po"))})
    hint = f"there are {', '.join(available)}; another language is one file more"
    raise InputError([Problem("status.yml", 0, 0, f"page.languages: no templates/{path}", hint)])
