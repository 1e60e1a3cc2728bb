"""A page of the site, made ready for programs that print HTML without being browsers: the same words, without script."""

import re

from constat.interval import Instant, format_instant

_ICON = re.compile(r'<svg class="icon" aria-hidden="true"><use href="#(i-[a-z]+)"/></svg>')
_SYMBOL = re.compile(r'<symbol id="(i-[a-z]+)" viewBox="0 0 16 16">(.*?)</symbol>', re.DOTALL)
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
_PAPER = "#fff"


def prepare_print(html: str, made_at: Instant) -> str:
    """Put icons where they are used, leave out the script, and date the document by its content."""
    icons = {name: drawing.replace("var(--bg)", _PAPER) for name, drawing in _SYMBOL.findall(html)}
    drawn = _ICON.sub(
        lambda match: f'<svg class="icon" viewBox="0 0 16 16">{icons.get(match[1], "")}</svg>', html
    )
    dates = "".join(
        f'<meta name="dcterms.{name}" content="{format_instant(made_at)}">'
        for name in ("created", "modified")
    )
    return _SCRIPT.sub("", drawn).replace("</head>", f"{dates}</head>", 1)
