"""An edit of what was published already is known, and when it was made; a new post is no edit."""

from constat.interval import Instant
from constat.model import Notice, Register
from constat.register import find_edits, list_places, parse_register
from constat.register.posted_texts import find_new_words, write_words
from tests.support.page_objects import LOOKING, make_incident, make_update, parse_time, translate_notice

NOW: Instant = 1 << 37
"""Later than any line."""

BROKEN = make_incident("2026-11-23-smtp", LOOKING)
MORNING, NOON, EVENING = (
    parse_time("2026-11-23 10:13"),
    parse_time("2026-11-23 12:00"),
    parse_time("2026-11-23 18:00"),
)
PLACE = "2026-11-23T10:12:00Z"


def record_texts(*versions: tuple[Instant, Notice]) -> Register:
    """The register after each version of a notice was seen, written and read again each time."""
    lines: list[str] = []
    for now, notice in versions:
        register = parse_register("\n".join(lines), "register.jsonl", NOW)
        lines += [write_words(said) for said in find_new_words(register, [notice], now)]
    register = parse_register("\n".join(lines), "register.jsonl", NOW)
    assert not register.skipped
    return register


def reword(notice: Notice, text: str) -> Notice:
    words = notice.texts["fr"]
    first = words.updates[0]._replace(text=text, html=f"<p>{text}</p>")
    return notice._replace(texts={**notice.texts, "fr": words._replace(updates=(first, *words.updates[1:]))})


def test_unchanged_text_is_recorded_once() -> None:
    assert len(record_texts((MORNING, BROKEN), (NOON, BROKEN), (EVENING, BROKEN)).words) == 1


def test_a_new_update_is_no_edit() -> None:
    later = make_incident("2026-11-23-smtp", LOOKING, make_update("2026-11-23 11:12", "resolved", "Fini."))
    register = record_texts((MORNING, BROKEN), (NOON, later))
    assert len(register.words) == 2
    assert find_edits(register) == {}


def test_another_text_is_an_edit_of_that_update_in_that_language() -> None:
    both = translate_notice(
        BROKEN, "en", "Delayed mail", "", make_update("2026-11-23 10:12", "investigating", "Looking.")
    )
    register = record_texts((MORNING, both), (NOON, reword(both, "Nous cherchons.")))
    assert find_edits(register) == {"2026-11-23-smtp": {("fr", PLACE): NOON}}


def test_last_edit_counts_even_if_it_undoes_another() -> None:
    register = record_texts((MORNING, BROKEN), (NOON, reword(BROKEN, "Autre.")), (EVENING, BROKEN))
    assert find_edits(register) == {"2026-11-23-smtp": {("fr", PLACE): EVENING}}


def test_another_title_is_an_edit_of_everything_under_it() -> None:
    retitled = BROKEN._replace(texts={"fr": BROKEN.texts["fr"]._replace(title="Autre titre")})
    assert find_edits(record_texts((MORNING, BROKEN), (NOON, retitled))) == {
        "2026-11-23-smtp": {("fr", ""): NOON, ("fr", PLACE): NOON}
    }


def test_a_translation_that_comes_later_is_an_edit_of_that_language() -> None:
    """Its readers had the first language in its place."""
    half = translate_notice(BROKEN, "en", "Delayed mail", "")
    whole = translate_notice(
        BROKEN, "en", "Delayed mail", "", make_update("2026-11-23 10:12", "investigating", "Looking.")
    )
    assert find_edits(record_texts((MORNING, half), (NOON, whole))) == {
        "2026-11-23-smtp": {("en", PLACE): NOON}
    }


def test_updates_with_equal_times_are_distinguished() -> None:
    assert list_places(make_incident("2026-11-23-smtp", LOOKING, LOOKING)) == (PLACE, f"{PLACE};2")
