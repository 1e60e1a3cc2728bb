"""What the script of `/compose/` says: problems with a notice, by the name of the rule, and a few labels."""

from collections.abc import Mapping
from typing import Final

from constat.i18n import Language, message
from constat.notices.front import LONGEST_TITLE

PROBLEMS: Final[Mapping[str, str]] = {
    "title-empty": message("There is no title."),
    "title-lines": message("The title has two lines."),
    "title-long": message("The title has {detail} characters; {most} are allowed."),
    "title-characters": message("The title holds an invisible character: type it again."),
    "title-markup": message("There is markup in the title: write plain words."),
    "text-long": message("The text is too long: shorten it, and link to the rest."),
    "text-control": message("The text holds a control character: type it again."),
    "text-deep": message("Lists or quotations are nested too deeply."),
    "text-brackets": message("There are too many brackets in one paragraph."),
    "text-tags": message("There are too many angle brackets."),
    "text-heading": message("A line begins with ##, as an update does: write ###."),
    "text-top-heading": message("A heading of the first level becomes plain text: write ###."),
    "text-picture": message("The picture {detail} is not under incidents/files/."),
    "text-link": message("The link {detail} leads nowhere, or is not allowed."),
    "text-untranslated": message("A text is still marked as not translated."),
    "text-unfilled": message("A place is still to be filled in."),
    "text-removed": message("{detail} is removed: write Markdown."),
    "text-direction": message("A character that changes the direction of writing is removed."),
    "text-like-change": message("{detail}: is read as text."),
    "service-unknown": message("There is no service {detail}."),
    "service-twice": message("A service is named twice."),
    "impact-unknown": message("It does not say what customers notice."),
    "time": message("A time is not complete, or does not exist because the clocks change."),
    "starts-missing": message("It does not say when it starts."),
    "ends-missing": message("It does not say when it ends."),
    "ends-before-starts": message("It ends before it starts."),
    "starts-after-update": message("It begins in the future."),
    "next-before": message("The next news is due before this."),
    "state-unknown": message("It does not say how things stand."),
    "update-at-same-time": message("There is an update of this minute already: wait for the next one."),
    "update-after-end": message("It is over: only a review may follow. Write a new notice."),
    "update-before-another": message("There is a later update already."),
    "state-backwards": message("It does not go back to this state."),
    "update-empty": message("Say what customers should know."),
    "language-missing": message("Not translated: readers get the first language."),
}
"""By the name of the rule in templates/compose_check.js. `{detail}` is what was found."""

LABELS: Final[Mapping[str, str]] = {
    "new": message("A new notice"),
    "update": message("An update: {title}"),
    "service": message("No service is chosen: the notice speaks of the page as a whole."),
    "open": message("Open at {host}"),
    "again": message("Open again at {host}"),
    "paste": message("Copy, and open at {host}"),
    "copy": message("Copy"),
    "copied": message("Copied"),
    "download": message("Download"),
    "long": message("Too long for an address: copy or download it; the page at {host} opens empty."),
    "append": message("Paste it at the end of the file."),
    "moved": message("Paste it at the end of the file, and write the new starts and ends at its top."),
    "sound": message("Nothing is wrong."),
    "errors": message("To put right: {number}"),
    "of": message("{subject}: {words}"),
    "zoned": message("{time} ({zone})"),
    "none": message("No ready wording"),
}


def write_words(language: Language, host: str) -> dict[str, str]:
    """All of it in a language, as plain text."""
    said = {key: language.say_raw(text) for key, text in {**PROBLEMS, **LABELS}.items()}
    return {
        key: text.replace("{host}", host).replace("{most}", str(LONGEST_TITLE)) for key, text in said.items()
    }
