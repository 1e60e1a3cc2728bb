"""What merging a change would publish, in Markdown for whoever reviews it: texts, services, windows, the register.

What others wrote stays what it is: none of it becomes a heading, a link or a picture among our own words.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape

from constat.availability.announced import order_versions, told
from constat.interval import HOUR_S, MINUTE_S, Instant, Interval, clip, local, total
from constat.model import Config, Notice, NoticeText, Register
from constat.register import describe_line


def format_review(
    config: Config, notices: Sequence[Notice], held: Register, news: Sequence[str], now: Instant
) -> str:
    """The summary of some notices, and of the lines that the register would gain.

    `held`: the register that would hold after the merge; `news`: the lines that it lacks.
    """
    parts = ["## What this would publish", *(_notice(config, notice, held, now) for notice in notices)]
    if not notices:
        parts.append("No notice that can be shown now.")
    lines = [f"- {quote_verbatim(describe_line(line))}" for line in news]
    parts += ["## What the register would record", "\n".join(lines) or "Nothing."]
    return "\n\n".join(parts) + "\n"


def quote_verbatim(text: str) -> str:
    """A text of somebody else's between ours: Markdown and HTML take nothing in it for theirs."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", text)


_MARKUP = re.compile(r"[\\`*_~\[\]!#|<>&]")


def _notice(config: Config, notice: Notice, held: Register, now: Instant) -> str:
    facts = [
        ("Kind", notice.kind if notice.kind == "maintenance" else f"incident, impact {notice.impact}"),
        ("State", notice.state or "announced"),
        ("Services", ", ".join(notice.services)),
        ("Starts", _moment(config, notice.starts)),
    ]
    if notice.ends is not None:
        facts.append(("Ends", _moment(config, notice.ends)))
        facts += _announced(config, notice, held, now)
    rows = "\n".join(f"| {name} | {quote_verbatim(value)} |" for name, value in facts)
    texts = "\n\n".join(_text(config, text) for text in notice.texts.values())
    return f"### `{notice.stem}`\n\n| | |\n| --- | --- |\n{rows}\n\n{texts}"


def _moment(config: Config, at: Instant) -> str:
    return f"{local(at, config.page.timezone):%Y-%m-%d %H:%M} ({config.page.timezone.key})"


def _announced(config: Config, notice: Notice, held: Register, now: Instant) -> Iterator[tuple[str, str]]:
    """Whether the window counts as announced (rule 9), for each service, as if it were published now."""
    window = Interval(notice.starts, notice.ends or notice.starts)
    versions = order_versions(version for version in held.maintenance if version.slug == notice.stem)
    for name in notice.services:
        service = config.service(name)
        if service is None:
            continue
        terms = service.rules.maintenance
        seconds = total(clip(told(versions, name, terms.notice_s), window))
        yield f"Announced for {name}", _share(seconds, window.seconds, terms.notice_s, notice.starts - now)


def _share(seconds: int, window_s: int, notice_s: int, ahead_s: int) -> str:
    asked = f"{notice_s // HOUR_S} h ahead are asked for; it starts {_ahead(ahead_s)}"
    if seconds == window_s:
        return f"yes, all of it ({asked})"
    if not seconds:
        return f"NO, not a second of it ({asked})"
    return f"in part, {seconds // MINUTE_S} of {window_s // MINUTE_S} min ({asked})"


def _ahead(seconds: int) -> str:
    return f"in {seconds // HOUR_S} h {seconds % HOUR_S // MINUTE_S} min" if seconds > 0 else "in the past"


def _text(config: Config, text: NoticeText) -> str:
    """The texts of one language as they are published: sanitised already, and on one line, so that HTML does not end."""
    updates = "".join(
        f"<h5>{_moment(config, update.at)}: {update.state}</h5>{update.html}"
        for update in reversed(text.updates)
    )
    title = f"<h4>{escape(text.title)} ({text.lang})</h4>"
    return f"<blockquote>{title}{text.html}{updates}</blockquote>".replace("\n", "&#10;")
