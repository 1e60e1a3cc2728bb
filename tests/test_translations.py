"""Every language says everything: no message is missing, fuzzy, or without one of its values."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from constat.i18n import SOURCE
from tests.support import message_catalogs
from tests.support.source_tree import files, tree

FILES = message_catalogs.files()
_PLACE = re.compile(r"%(?:\((\w+)\)\w+|%)")


def _places(text: str) -> list[str]:
    return sorted(set(_PLACE.findall(text)))


def _forms(message: Message) -> list[str]:
    """What is said, in all its plural forms."""
    return list(message.string) if isinstance(message.string, (tuple, list)) else [str(message.string or "")]


def _asked(message: Message) -> str:
    """The message with the most places: of a plural, its second form."""
    return message.id if isinstance(message.id, str) else message.id[-1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_language_is_up_to_date_with_the_sources(path: Path) -> None:
    """Run `make translations`, then fill in what is empty."""
    assert path.read_text(encoding="utf-8") == message_catalogs.brought_up_to_date(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_language_says_everything(path: Path) -> None:
    catalog = message_catalogs.read(path)
    lacking = [entry.id for entry in catalog if entry.id and (entry.fuzzy or not all(_forms(entry)))]
    assert lacking == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_translation_puts_in_the_same_values(path: Path) -> None:
    """The form for one thing may leave its number out."""
    for entry in message_catalogs.read(path):
        if entry.id:
            for form in _forms(entry):
                assert set(_places(form)) | {"n"} == set(_places(_asked(entry))) | {"n"}, entry.id


def test_french_spaces_do_not_break() -> None:
    """What stands before a colon, a semicolon, a mark or a per cent sign stays on its line."""
    said = [
        _PLACE.sub("…", form.replace(" %%", " ت"))
        for entry in message_catalogs.read(message_catalogs.FOLDER / "fr.po")
        for form in _forms(entry)
    ]
    assert [form for form in said if re.search(r" [:;?!»ت]", form)] == []


def test_english_is_the_language_of_the_sources() -> None:
    assert SOURCE not in {path.stem for path in FILES}
    assert {path.stem for path in FILES} >= {"fr"}


def test_every_function_that_marks_messages_exists() -> None:
    """A keyword that was not renamed together with its function would silently drop the messages of that function."""
    defined = {
        node.name
        for path in files("constat")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
    }
    assert message_catalogs.KEYWORDS.keys() - defined == set()
