"""Ready wordings for common cases (`templates/wordings.yml`), in several languages, for those who have to write at 3 a.m."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from constat.errors import InputError, Problem
from constat.model import IMPACTS, STATES
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Document, Value, read_yaml

_KEYS: Final = ("for", "impact", "title", "text")
_ABOUT: Final = tuple(dict.fromkeys([*STATES, *(state for states in STATES.values() for state in states)]))


class Wording(NamedTuple):
    """The wording of one case. `about`: `incident`, `maintenance`, or the state of an update. Texts by language; an update has no title.

    `{services}` in a text stands for the names of the services.
    """

    name: str
    about: str
    impact: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]

    def title(self, language: str) -> str:
        """The title in a language; empty where there is none."""
        return self.titles.get(language, "")

    def text(self, language: str, services: str) -> str:
        """The text in a language, with the names of the services; empty where there is none."""
        return self.texts.get(language, "").replace("{services}", services)


def read_wordings(files: Iterable[tuple[str, str]]) -> dict[str, Wording]:
    """Read the wordings of several files, (name, text); a later one replaces a case of the same name.

    Raises:
        InputError: a file is not valid.

    """
    wordings: dict[str, Wording] = {}
    for file, text in files:
        document = read_yaml(text, file)
        if not isinstance(document.data, dict):
            raise InputError(
                [Problem(file, 1, 0, "no wordings", "write NAME: and below it for, title and text")]
            )
        wordings |= {name: _read_wording(document, name, value) for name, value in document.data.items()}
    return wordings


def _read_wording(document: Document, name: str, value: Value) -> Wording:
    if not isinstance(value, dict):
        raise InputError(
            [document.problem((name,), f"{name} is not a wording", "write for, title and text below it")]
        )
    for key in value:
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS)
            raise InputError([document.problem((name, key), f"unknown key {key}", hint, at_key=True)])
    texts = {key: _read_by_language(document, name, key, value.get(key)) for key in ("title", "text")}
    about = _read_word(document, name, "for", value.get("for", ""), _ABOUT)
    impact = _read_word(document, name, "impact", value["impact"], IMPACTS) if "impact" in value else ""
    return Wording(name, about, impact, texts["title"], texts["text"])


def _read_word(document: Document, name: str, key: str, written: Value, known: Sequence[str]) -> str:
    word = str(written)
    if word not in known:
        raise InputError(
            [document.problem((name, key), f"unknown {key} {word}".rstrip(), did_you_mean(word, known))]
        )
    return word


def _read_by_language(document: Document, name: str, key: str, value: Value | None) -> Mapping[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise InputError(
            [document.problem((name, key), f"{key} is not by language", "write fr: ... and en: ...")]
        )
    return {language: str(text).strip() for language, text in value.items()}
