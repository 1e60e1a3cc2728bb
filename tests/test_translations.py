"""A language is complete: its messages, the ready wordings of notices, and what a probe says to customers.

Each test names what a language lacks and where to write it, so that whoever adds one is led from one step to the next.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.catalog import Message

from constat.i18n import SOURCE
from constat.moving import new_settings, sequence
from constat.notices import read_wordings
from tests.support import message_catalogs
from tests.support.source_tree import ROOT, list_files, parse_file

FILES = message_catalogs.list_files()
LANGUAGES = message_catalogs.list_languages()
WORDINGS = ROOT / "templates" / "wordings.yml"
SUPPORT_LINES = ROOT / "templates" / "probe.yml"
_PLACE = re.compile(r"%(?:\((\w+)\)\w+|%)")


def _places(text: str) -> list[str]:
    return sorted(set(_PLACE.findall(text)))


def _where(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _forms(message: Message) -> list[str]:
    """The translation of a message, in all its plural forms."""
    return list(message.string) if isinstance(message.string, (tuple, list)) else [str(message.string or "")]


def _asked(message: Message) -> str:
    """The message with the most places: of a plural, its second form."""
    return message.id if isinstance(message.id, str) else message.id[-1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_names_its_language(path: Path) -> None:
    line = f'"Language: {path.stem}\\n"'
    assert line in message_catalogs.read_head(path), f"write into the first entry of {_where(path)}: {line}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_language_is_up_to_date_with_the_sources(path: Path) -> None:
    up_to_date = path.read_text(encoding="utf-8") == message_catalogs.update_translation(path)
    assert up_to_date, f"run make translations, then translate what is empty in {_where(path)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_language_is_completely_translated(path: Path) -> None:
    catalog = message_catalogs.read(path)
    lacking = [entry.id for entry in catalog if entry.id and (entry.fuzzy or not all(_forms(entry)))]
    assert lacking == [], f"translate in {_where(path)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_translation_has_the_same_placeholders(path: Path) -> None:
    """The form for one thing may leave its number out."""
    for entry in message_catalogs.read(path):
        if entry.id:
            for form in filter(None, _forms(entry)):
                same = set(_places(form)) | {"n"} == set(_places(_asked(entry))) | {"n"}
                assert same, f"{_where(path)}: {form!r} has other values than {_asked(entry)!r}"


def test_french_spaces_do_not_break() -> None:
    """The word before a colon, a semicolon, a question or exclamation mark or a per cent sign stays on its line."""
    said = [
        _PLACE.sub("…", form.replace(" %%", " ت"))
        for entry in message_catalogs.read(message_catalogs.FOLDER / "fr.po")
        for form in _forms(entry)
    ]
    assert [form for form in said if re.search(r" [:;?!»ت]", form)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_ready_wording(language: str) -> None:
    """`new --template NAME` writes a notice in every language of the page."""
    wordings = read_wordings([(WORDINGS.name, WORDINGS.read_text(encoding="utf-8"))])
    lacking = [
        f"{name}: {key}"
        for name, wording in wordings.items()
        for key, texts in (("title", wording.titles), ("text", wording.texts))
        if texts and not texts.get(language)
    ]
    assert lacking == [], f"write {language}: ... into {_where(WORDINGS)}"


def test_a_wording_of_a_notice_has_a_title_and_one_of_an_update_has_none() -> None:
    wordings = read_wordings([(WORDINGS.name, WORDINGS.read_text(encoding="utf-8"))])
    notices = {name for name, wording in wordings.items() if wording.about in {"incident", "maintenance"}}
    assert {name for name, wording in wordings.items() if wording.titles} == notices


def _by_language(texts: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each text of a file, with its place, by language."""
    for key, value in texts.items():
        if all(isinstance(text, str) for text in value.values()):
            yield f"{place}{key}", value
        else:
            yield from _by_language(value, f"{place}{key}.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_line_that_support_pastes_to_a_customer(language: str) -> None:
    written = yaml.safe_load(SUPPORT_LINES.read_text(encoding="utf-8"))
    lacking = [place for place, texts in _by_language(written) if not texts.get(language)]
    assert lacking == [], f"write {language}: ... into {_where(SUPPORT_LINES)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_imports_know_each_language(language: str) -> None:
    assert language in new_settings.LANGUAGES, f"add it to LANGUAGES in {new_settings.__name__}"
    assert language in sequence.OVER, f"write {language}: ... into OVER in {sequence.__name__}"


def test_english_is_the_language_of_the_sources() -> None:
    assert SOURCE not in {path.stem for path in FILES}
    assert {path.stem for path in FILES} >= {"fr"}


def test_every_function_that_marks_messages_exists() -> None:
    """A keyword that was not renamed together with its function would silently drop the messages of that function."""
    defined = {
        node.name
        for path in list_files("constat")
        for node in ast.walk(parse_file(path))
        if isinstance(node, ast.FunctionDef)
    }
    assert message_catalogs.KEYWORDS.keys() - defined == set()
