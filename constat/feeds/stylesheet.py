"""The stylesheet of feeds: people who open one in a browser see what it is and how to use it, then the entries.

It is CSS, since browsers are about to drop XSLT, and hides the elements that are meant for programs.
"""

from constat.i18n import Language, message
from constat.posts import join_plain_text

EXPLANATION = message(
    "This is a feed: a list that a program reads (Outlook, Thunderbird, Feedly, Slack…)."
    " To follow it, copy the address of this page into your feed reader. It currently contains:"
)

_RULES = """
rss, feed { display: block; max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; color: #1c2024;
  background: #fff; font: 1rem/1.5 system-ui, sans-serif; }
rss::before, feed::before { content: %(what)s; display: block; padding: 1rem 1.125rem; white-space: pre-line;
  background: #e8eefc; border-inline-start: .375rem solid #2f5bd0; border-radius: .25rem; }
channel, item, entry, title, description, subtitle, summary { display: block; }
channel > title, feed > title { margin-block: 1.5rem .25rem; font-size: 1.375rem; font-weight: 650; }
item, entry { padding-block: 1rem; border-block-start: 1px solid #d9dde3; }
item > title, entry > title { font-weight: 600; }
item > pubDate, entry > published { display: block; color: #5b6370; font-size: .875rem; }
item > description, entry > summary { white-space: pre-line; }
channel > *:not(title, description, item), item > *:not(title, description, pubDate),
feed > *:not(title, subtitle, entry), entry > *:not(title, summary, published) { display: none; }
@media (prefers-color-scheme: dark) {
  rss, feed { color: #ecebe6; background: #161614; }
  rss::before, feed::before { background: #17233f; border-color: #6b93ff; }
  item, entry { border-color: #323842; }
  item > pubDate, entry > published { color: #a3acb8; }
}
"""


def write_stylesheet(language: Language) -> bytes:
    """Write the stylesheet of the feeds of a language."""
    return (_RULES % {"what": _quote(join_plain_text(language, EXPLANATION))}).lstrip().encode()


def _quote(text: str) -> str:
    """Quote a text as a CSS string (CSS Syntax 4.3.5): quotes, backslashes and line breaks become escapes."""
    return '"' + "".join(f"\\{ord(letter):x} " if letter in '"\\\n\r\f' else letter for letter in text) + '"'
