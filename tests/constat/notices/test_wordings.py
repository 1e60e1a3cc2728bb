"""A project's own wordings: what is wrong with them is reported with its place."""

import pytest

from constat.errors import InputError
from constat.notices import read_wordings


def test_later_file_overrides_and_adds_wordings() -> None:
    ours = "delays: {for: incident, impact: minor, title: {fr: Retards}, text: {fr: '{services} tarde.'}}"
    theirs = "delays: {for: incident, title: {fr: Patience}, text: {fr: Un peu.}}\nquiet: {for: monitoring}"
    wordings = read_wordings([("a.yml", ours), ("b.yml", theirs)])
    assert {name: (each.about, each.title("fr")) for name, each in wordings.items()} == {
        "delays": ("incident", "Patience"),
        "quiet": ("monitoring", ""),
    }
    assert read_wordings([("a.yml", ours)])["delays"].text("fr", "SMTP") == "SMTP tarde."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "w.yml:1: no wordings (write NAME: and below it for, title and text)"),
        ("x: y", "w.yml:1:4: x is not a wording (write for, title and text below it)"),
        ("x: {for: incdent}", "w.yml:1:10: unknown for incdent (did you mean incident?)"),
        ("x: {title: {fr: y}}", "w.yml:1:4: unknown for (known: incident, maintenance, investigating, "),
        ("x: {for: [a]}", "w.yml:1:10: unknown for ['a'] (known: incident, "),
        ("x: {for: incident, impact: huge}", "w.yml:1:28: unknown impact huge (known: none, minor, "),
        ("x: {for: incident, text: y}", "w.yml:1:26: text is not by language (write fr: ... and en: ...)"),
        ("x: {for: incident, tilte: {fr: y}}", "w.yml:1:20: unknown key tilte (did you mean title?)"),
    ],
)
def test_mistakes_are_reported(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_wordings([("w.yml", text)])
    assert str(caught.value).startswith(message)
