"""The review of a change, in Markdown: the texts, services, windows and register lines that merging it would publish.

Text from other people is shown verbatim: none of it becomes a heading, a link or a picture among our own words.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import NamedTuple

from constat.availability.announced import find_announced_in_time, order_versions
from constat.interval import HOUR_S, MINUTE_S, Instant, Interval, clip, local, total, write_offset_if_needed
from constat.model import Config, Notice, NoticeText, Register
from constat.register import describe_line


class Effects(NamedTuple):
    """The effects of merging besides the page: the register then in effect, its new lines, and who is notified of each notice."""

    register: Register
    pending: Sequence[str] = ()
    audience: Mapping[str, Sequence[str]] = MappingProxyType({})


def format_review(config: Config, notices: Sequence[Notice], effects: Effects, now: Instant) -> str:
    """Format the review of some notices, and of the lines that the register would gain."""
    parts = [
        "## What this would publish",
        *(_format_notice(config, notice, effects, now) for notice in notices),
    ]
    if not notices:
        parts.append("No notice that can be shown now.")
    lines = [f"- {quote_verbatim(describe_line(line))}" for line in effects.pending]
    parts += ["## What the register would record", "\n".join(lines) or "Nothing."]
    return "\n\n".join(parts) + "\n"


def quote_verbatim(text: str) -> str:
    """Quote a text of other people, so that nothing in it is taken for Markdown or HTML."""
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", text)


_MARKUP = re.compile(r"[\\`*_~\[\]!#|<>&]")


def _format_notice(config: Config, notice: Notice, effects: Effects, now: Instant) -> str:
    facts = [
        ("Kind", notice.kind if notice.kind == "maintenance" else f"incident, impact {notice.impact}"),
        ("State", notice.state or "announced"),
        ("Services", ", ".join(notice.services)),
        ("Starts", _format_moment(config, notice.starts)),
    ]
    if notice.ends is not None:
        facts.append(("Ends", _format_moment(config, notice.ends)))
        facts += _check_announced(config, notice, effects.register, now)
    facts += [("Told", line) for line in effects.audience.get(notice.stem, ())]
    rows = "\n".join(f"| {name} | {quote_verbatim(value)} |" for name, value in facts)
    texts = "\n\n".join(_format_text(config, text) for text in notice.texts.values())
    return f"### `{notice.stem}`\n\n| | |\n| --- | --- |\n{rows}\n\n{texts}"


def _format_moment(config: Config, at: Instant) -> str:
    zone = config.page.timezone
    return f"{local(at, zone):%Y-%m-%d %H:%M}{write_offset_if_needed(at, zone)} ({zone.key})"


def _check_announced(
    config: Config, notice: Notice, register: Register, now: Instant
) -> Iterator[tuple[str, str]]:
    """Check for each service whether the window would count as announced (rule 9), if it were published now."""
    window = Interval(notice.starts, notice.ends or notice.starts)
    versions = order_versions(version for version in register.maintenance if version.slug == notice.stem)
    for name in notice.services:
        service = config.service(name)
        if service is None:
            continue
        if notice.state == "cancelled":
            yield f"Announced for {name}", "no: the window is cancelled"
            continue
        terms = service.rules.maintenance
        seconds = total(clip(find_announced_in_time(versions, name, terms.notice_s), window))
        yield (
            f"Announced for {name}",
            _format_share(seconds, window.seconds, terms.notice_s, notice.starts - now),
        )


def _format_share(seconds: int, window_s: int, notice_s: int, ahead_s: int) -> str:
    terms = f"{notice_s // HOUR_S} h ahead are asked for; it starts {_format_lead(ahead_s)}"
    if seconds == window_s:
        return f"yes, all of it ({terms})"
    if not seconds:
        return f"NO, not a second of it ({terms})"
    return f"in part, {seconds // MINUTE_S} of {window_s // MINUTE_S} min ({terms})"


def _format_lead(seconds: int) -> str:
    return f"in {seconds // HOUR_S} h {seconds % HOUR_S // MINUTE_S} min" if seconds > 0 else "in the past"


def _format_text(config: Config, text: NoticeText) -> str:
    """Format the texts of one language as published: already sanitised, and on one line, so that the HTML block does not end."""
    updates = "".join(
        f"<h5>{_format_moment(config, update.at)}: {update.state}</h5>{update.html}"
        for update in reversed(text.updates)
    )
    title = f"<h4>{escape(text.title)} ({text.lang})</h4>"
    return f"<blockquote>{title}{text.html}{updates}</blockquote>".replace("\n", "&#10;")
