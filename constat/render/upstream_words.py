"""The wording of what others say of themselves. It is never coloured as our own states are, and never counted."""

from collections.abc import Mapping

from markupsafe import Markup

from constat.i18n import Language, message
from constat.model import UpstreamState
from constat.upstream import LatestWord

_STATES: Mapping[UpstreamState, str] = {
    "fine": message("no problem reported"),
    "degraded": message("reports problems"),
    "outage": message("reports an outage"),
    "maintenance": message("maintenance in progress"),
    "news": message("has news"),
    "quiet": message("no news in the past 24 hours"),
}


def describe_word(word: LatestWord, language: Language) -> Markup:
    """An upstream service, linked to its page, with what it says of itself and when it said so."""
    link = Markup('<a href="{}">{}</a>').format(word.upstream.link, language.name(word.upstream.name))
    return language.say("%(name)s: %(said)s", name=link, said=_describe_state(word, language))


def _describe_state(word: LatestWord, language: Language) -> Markup:
    """Put the state of an upstream service into words, or since when it is not known."""
    if word.at is None:
        return language.say("not known yet")
    if word.says.state == "unknown":
        return language.say("not known %(since)s", since=language.since(word.at))
    return language.say(
        "%(state)s (as of %(time)s)",
        state=language.say(_STATES[word.says.state]),
        time=language.moment(word.at),
    )
