"""Hostile notices in pull requests are refused or made harmless, in bounded time, without affecting other notices."""

import re
import time
from zoneinfo import ZoneInfo

import pytest

from constat import notices
from constat.interval import parse_instant
from constat.model import Notice
from constat.posts import make_links_absolute

NOW = parse_instant("2026-11-24T12:00Z")
HEAD = "---\ntitle: {title}\nkind: incident\nservices: [smtp]\nimpact: minor\nstarts: 2026-11-20T10:00+01:00\n---\n"
GOOD = HEAD.format(title="All is well") + "Calm."
HARMFUL = re.compile(
    r"<(?:script|style|iframe|object|embed|form|input|svg|math|base|meta|link)|\son\w+=|javascript:|data:|<!--"
    r"|src=\"(?!files/)|style=|[\u202a-\u202e\u2066-\u2069\x00]",
    re.IGNORECASE,
)

BODIES = {
    "script": "<script>alert(1)</script>",
    "script-in-pieces": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "handler": '<p onclick="alert(1)" onmouseover=alert(1)>x</p>',
    "handler-on-a-picture": '<img src="files/a.png" onerror="alert(1)">',
    "javascript-link": "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](&#106;avascript:alert(1))",
    "javascript-link-with-a-tab": '<a href="java\tscript:alert(1)">x</a>',
    "data-link": "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "vbscript-and-file": "[x](vbscript:x) [y](file:///etc/passwd)",
    "remote-picture": "![x](https://tracker.example/p.gif) ![y](//tracker.example/p.gif)",
    "data-picture": "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "picture-above": "![x](files/../../../etc/passwd)",
    "svg": "<svg><script>alert(1)</script></svg><math><mi xlink:href='javascript:alert(1)'></math>",
    "iframe": '<iframe src="https://evil.example/"></iframe><object data="x"></object><embed src="x">',
    "form": '<form action="https://evil.example/"><input name=password></form>',
    "style": '<style>body{display:none}</style><p style="position:fixed">x</p>',
    "base-and-meta": '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example/">',
    "comment-that-hides": "<!-- nobody reads this -->Visible<!--",
    "unclosed-tag": '<a href="https://example.org/',
    "right-to-left": "The file \u202egnp.exe and \u2066this\u2069",
    "right-to-left-as-entities": "The file &#8238;gnp.exe and &#x202E;this &rlm;",
    "closing-what-never-opened": "</div></article></body></html>",
    "declarations": "<!DOCTYPE html> <?php x ?> <![CDATA[ x ]]>",
    "reference": "[x]\n\n[x]: javascript:alert(1)",
    "autolink": "<javascript:alert(1)>",
    "address-with-a-bracket": "[x](<https://a[b@h/>) [y](<https://h\\@[x/>)",
    "address-with-another-slash": "[x](<https://a\uff0fb@h/>)",
    "address-that-pretends": "[x](https://www.maxony.example:443@evil.example/)",
    "address-without-a-host": "[x](https:///path) [y](https:path)",
    "address-with-no-such-port": "[x](https://example.org:99999/)",
    "markup-in-a-title": '[x](https://example.org "onmouseover=alert(1)")',
    "attribute-breaking-out": '[x](https://example.org/"onmouseover="alert(1))',
    "template": "{{ 7 * 7 }} {% include 'x' %} ${CONSTAT_SMTP_PASSWORD}",
}


def read(body: str | bytes, title: str = "x") -> tuple[dict[str, Notice], list[str]]:
    """Read a hostile notice beside a good one."""
    data = body if isinstance(body, bytes) else (HEAD.format(title=title) + body).encode()
    files = {"incidents/2026-11-20-bad.md": data, "incidents/2026-11-20-good.md": GOOD.encode()}
    parsed, problems = notices.parse_notices(
        files, notices.NoticeContext(["smtp"], ("fr",), ZoneInfo("UTC"), NOW, pictures=())
    )
    return {notice.stem: notice for notice in parsed}, [str(problem) for problem in problems]


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_text_comes_out_harmless(name: str) -> None:
    parsed, _ = read(BODIES[name])
    html = parsed["2026-11-20-bad"].texts["fr"].html
    tags = " ".join(re.findall(r"<[^>]*>", html))
    assert not HARMFUL.search(tags)
    absolute = make_links_absolute(html, "https://status.maxony.example/")
    assert ("href=" in absolute) is ("href=" in html), "feeds and mails are written all the same"
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00]", html)
    assert "2026-11-20-good" in parsed


@pytest.mark.parametrize(
    "name",
    sorted(
        BODIES.keys()
        - {
            "reference",
            "template",
            "markup-in-a-title",
            "attribute-breaking-out",
            "unclosed-tag",
        }
    ),
)
def test_removed_markup_is_reported(name: str) -> None:
    assert read(BODIES[name])[1]


SIZES = {
    "ten-megabytes": "a" * (10 << 20),
    "lists-nested-a-thousand-deep": "\n".join("    " * depth + "- x" for depth in range(1000)),
    "lists-nested-on-one-line": "- " * 1000,
    "numbers-nested-on-one-line": "1. " * 1000,
    "quotations-nested-a-thousand-deep": "> " * 1000,
    "brackets": "[" * 20_000,
    "brackets-of-pictures": "![" * 10_000,
    "brackets-over-lines": "[\n" * 10_000,
    "brackets-in-code-that-never-ends": "```\n" + "[" * 20_000,
    "brackets-in-indented-code-fences": "   ```\n" + "[" * 20_000 + "\n   ```",
    "links-that-never-end": "[a](" * 5000,
    "tags": "<a " * 6000,
    "declarations": "<![CDATA[" * 2000,
    "stars": "*" * 60_000,
    "stars-and-letters": "*a **b " * 8000,
    "ticks": "`a ``b " * 8000,
    "entities": "&#x26;" * 10_000,
    "table": "|a|b|\n|-|-|\n" + "|x|y|\n" * 9000,
    "wide-table": "|" * 20_000 + "\n" + "|-" * 20_000,
    "backslashes": "\\" * 60_000,
    "paragraphs": "x\n\n" * 20_000,
    "headings": "# x\n" * 15_000,
    "fences": "```\n" * 1900,
    "many-headings": "# x\n" * 1900,
    "many-quotations": "> x\n\n" * 900,
    "updates": "## 2026-11-20T10:00Z investigating\n" * 1500,
}


@pytest.mark.parametrize("name", SIZES)
def test_pathological_text_is_refused_or_read_quickly(name: str) -> None:
    """Unbounded, the worst of these would take minutes or end the process; the limit leaves room for a slow machine."""
    started = time.process_time()
    parsed, problems = read(SIZES[name])
    assert time.process_time() - started < 5
    assert "2026-11-20-good" in parsed
    assert problems or "2026-11-20-bad" in parsed


WHOLE = {
    "null-bytes": b"---\ntitle: a\x00b\n---\n",
    "not-text": bytes(range(256)) * 100,
    "utf-16": "---\ntitle: x\n---\n".encode("utf-16"),
    "yaml-bomb": b"---\n"
    + b"".join(
        b"%c: &%c [%s]\n" % (n, n, b", ".join([b"*%c" % (n - 1)] * 10) if n > 97 else b"x")
        for n in range(97, 110)
    )
    + b"---\n",
    "yaml-nested": b"---\nservices: " + b"[" * 30_000 + b"\n---\n",
    "yaml-nested-in-blocks": b"---\n" + b"- " * 30_000 + b"\n---\n",
    "yaml-object": b"---\ntitle: !!python/object/apply:os.system [id]\n---\n",
    "empty": b"",
    "only-front-matter-marks": b"---\n---\n",
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_hostile_file_is_refused(name: str) -> None:
    parsed, problems = read(WHOLE[name])
    assert list(parsed) == ["2026-11-20-good"]
    assert any(problem.startswith("incidents/2026-11-20-bad.md") for problem in problems)


@pytest.mark.parametrize(
    "title",
    [
        '"<script>alert(1)</script>"',
        '"one\\ntwo"',
        '"one\\rtwo"',
        '"one\\Ltwo"',
        '"one\\u2029two"',
        '"zero\\u200bwidth"',
        '"\\ufeff"',
        '"\u202edesrever"',
        '"bell\\u0007"',
        "x" * 200,
        "[a, b]",
        "{a: b}",
        '"  "',
    ],
)
def test_a_hostile_title_is_refused(title: str) -> None:
    parsed, problems = read("Calm.", title)
    assert list(parsed) == ["2026-11-20-good"]
    assert problems


@pytest.mark.parametrize("service", ["__proto__", "constructor", "../smtp", "smtp/", "<b>"])
def test_a_service_that_does_not_exist_is_refused(service: str) -> None:
    text = (HEAD.format(title="x") + "Calm.").replace("[smtp]", f"['{service}']")
    parsed, problems = read(text.encode())
    assert list(parsed) == ["2026-11-20-good"]
    assert f"unknown service {service}" in problems[0]
