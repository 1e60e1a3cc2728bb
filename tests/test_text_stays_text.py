"""Text stays text: what strangers plant in any field is live nowhere in what is published or sent.

Every file and every message is read by a parser that somebody else wrote, as its readers read it.
"""

import json
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import icalendar
import lxml.etree
import lxml.html
import pytest

from checks.kinds import smtp
from tasks.build import BuiltSite, rehearse_site
from tasks.project import Project
from tasks.record import record_pending_lines
from tests.support import planted_project
from tests.support.frozen_project import run
from tests.support.planted_project import NOW, TRACKER
from tests.support.probe_context import look
from tests.support.scripted_server import ScriptedServer
from tests.support.smtp_server import SmtpServer
from tests.support.source_tree import ROOT
from tests.support.webhook_listener import listen_for_posts
from verbs import notify

GREETING = f"554 <script>alert(12)</script> {TRACKER} &lt;b&gt; ]]>\r\n".encode()
LOADING = {
    "src",
    "srcset",
    "data",
    "poster",
    "background",
    "action",
    "formaction",
    "ping",
    "code",
    "codebase",
}
SCHEMES = {"", "http", "https", "mailto", "tel"}
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, in which a real server said why the checks failed."""
    with ScriptedServer(GREETING) as server:
        result = look(smtp, host="127.0.0.1", port=server.port)
    assert "<script>" in result.reason
    root = planted_project.plant(tmp_path_factory.mktemp("planted") / "project", result.reason)
    record_pending_lines(Project(root, ROOT, NOW - 60))
    return root


@pytest.fixture(scope="module")
def site(planted: Path) -> BuiltSite[bytes]:
    return rehearse_site(Project(planted, ROOT, NOW))


def list_live(html: str, *, markup: bool = True) -> Iterator[str]:
    """List what is live in HTML: what runs, loads from elsewhere, or leads where no link may; any tag without `markup`."""
    if not html.strip():
        return
    for element in lxml.html.fragment_fromstring(html, create_parent="constat-root").iter():
        if not isinstance(element.tag, str):
            if b"alert" in lxml.etree.tostring(element):
                yield "comment"
            continue
        if element.tag == "constat-root":
            continue
        if not markup:
            yield f"<{element.tag}>"
        if element.tag in {"script", "style", "iframe", "object", "embed", "base", "meta"} and "alert" in (
            element.text or ""
        ):
            yield f"<{element.tag}>"
        yield from _list_live_attributes(element.attrib.items())


def _list_live_attributes(attributes: Iterable[tuple[object, object]]) -> Iterator[str]:
    for key, value in attributes:
        name, text = str(key).rpartition("}")[2].lower(), str(value)
        if name.startswith("on") or name == "srcdoc" or (name == "style" and TRACKER in text):
            yield f"{name}={text}"
        if name in LOADING and urlsplit(text).hostname == TRACKER:
            yield f"{name}={text}"
        scheme = text.partition(":")[0].strip().lower() if name in {"href", *LOADING} and ":" in text else ""
        if scheme in {"javascript", "vbscript"} or (scheme == "data" and "alert" in text):
            yield f"{name}={text}"


def list_strings(value: object) -> Iterator[tuple[str, str]]:
    """Every string of a JSON document, with the key that it stands under."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from ((key, inner),) if isinstance(inner, str) else list_strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from (("", inner),) if isinstance(inner, str) else list_strings(inner)


def _select(site: BuiltSite[bytes], *suffixes: str) -> dict[str, bytes]:
    found = {
        path: data for path, data in site.files.items() if path.endswith(suffixes) and isinstance(data, bytes)
    }
    assert found
    return found


@pytest.mark.parametrize(
    "html",
    [
        "<p><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        f"<img src=//{TRACKER}/p.gif>",
        "<a href=' JavaScript:alert(1)'>x</a>",
        "<svg><animate onbegin=alert(1)>",
        "<!-- alert -->",
    ],
)
def test_search_finds_live_markup(html: str) -> None:
    assert list(list_live(html))


def test_pages_show_planted_markup_as_text(site: BuiltSite[bytes]) -> None:
    shown = templates = 0
    for path, data in _select(site, ".html").items():
        document = lxml.html.document_fromstring(data.decode())
        assert not list(list_live(data.decode())), path
        assert not TURNING & set(document.text_content()), path
        shown += document.text_content().count(TRACKER)
        templates += document.text_content().count("{{ 7 * 7 }}")
    assert shown > 50
    assert templates > 10, "a template in a text is text too"


def test_feeds_show_planted_markup_as_text_in_every_reader(site: BuiltSite[bytes]) -> None:
    """Read as XML: what is text is no markup even to readers that take it for HTML; what is HTML is harmless."""
    shown = 0
    for path, data in _select(site, ".rss", ".atom").items():
        for element in lxml.etree.fromstring(data).iter():
            name, text = str(element.tag).rpartition("}")[2], element.text or ""
            if name in {"content", "encoded"}:
                assert not list(list_live(text)), path
            elif path.endswith(".rss") and name in {"title", "description", "category"}:
                assert not list(list_live(text, markup=False)), (path, name, text)
                shown += TRACKER in text
            else:
                assert element.get("type", "text") == "text" or name in {"link", "entry"}, (path, name)
            assert not TURNING & set(text), path
    assert shown > 20


def test_feeds_are_harmless_to_a_reader_that_does_not_sanitise(site: BuiltSite[bytes]) -> None:
    for path, data in _select(site, ".rss", ".atom").items():
        parsed = feedparser.parse(data, sanitize_html=False)
        assert not parsed.bozo, path
        for entry in parsed.entries:
            content = [each.value for each in entry.get("content", ()) if each.type == "text/html"]
            summary = (
                [entry.get("summary", "")]
                if entry.get("summary_detail", {}).get("type") == "text/html"
                else []
            )
            assert not [live for html in (*content, *summary) for live in list_live(html)], path


def test_api_gives_planted_markup_as_text(site: BuiltSite[bytes]) -> None:
    """Clients of Statuspage's interface put every text into a page, some of them as HTML."""
    shown = 0
    for path, data in _select(site, ".json").items():
        if not path.startswith("api/v2/"):
            continue
        for key, text in list_strings(json.loads(data)):
            assert not list(list_live(text, markup=False)), (path, key, text)
            assert not TURNING & set(text), path
            shown += TRACKER in text
    assert shown > 10


def test_the_json_feed_has_text_and_harmless_html(site: BuiltSite[bytes]) -> None:
    for path in ("feed.json", "en/feed.json"):
        content = dict.fromkeys(list_strings(json.loads(site.files[path])))
        texts = [text for key, text in content if key == "content_html"]
        assert any(TRACKER in text for text in texts)
        assert not [live for text in texts for live in list_live(text)]
        assert not [text for _, text in content if TURNING & set(text)]


def test_pictures_contain_no_script(site: BuiltSite[bytes]) -> None:
    shown = 0
    for path, data in _select(site, ".svg").items():
        for element in lxml.etree.fromstring(data).iter():
            tag = str(element.tag).rpartition("}")[2]
            assert tag not in {"script", "foreignObject", "a", "image", "iframe", "animate", "set"}, path
            assert not list(_list_live_attributes(element.attrib.items())), path
        shown += TRACKER.encode() in data
    assert shown >= 4


def test_calendars_contain_only_our_events(site: BuiltSite[bytes]) -> None:
    for path, data in _select(site, ".ics").items():
        calendar = icalendar.Calendar.from_ical(data)
        events = list(calendar.walk("VEVENT"))
        assert all(str(event["url"]).startswith("https://status.maxony.example/") for event in events), path
        assert not [key for event in events for key in event if key in {"ATTACH", "X-ALT-DESC", "VALARM"}], (
            path
        )
        assert not TURNING & set(data.decode()), path


def test_no_other_file_type_contains_planted_text(site: BuiltSite[bytes]) -> None:
    """A new output has to be added to the search above: here it would be found."""
    holding = {Path(path).suffix for path, data in site.files.items() if TRACKER.encode() in bytes(data)}
    assert holding == {".html", ".rss", ".atom", ".json", ".jsonl", ".svg", ".ics"}


def test_messages_are_text_and_harmless_html(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a real mail server and a real webhook."""
    mails: list[bytes] = []
    with SmtpServer(deliver=mails.append) as relay, listen_for_posts() as chat:
        monkeypatch.setenv("CONSTAT_CHAT", f"json://127.0.0.1:{chat.port}/x")
        status = planted / "status.yml"
        status.write_text(
            status.read_text("utf-8")
            + "\nsecrets: {CONSTAT_CHAT: [127.0.0.1]}\nnotify:\n"
            + f"  mail: {{host: 127.0.0.1, port: {relay.port}, security: none, from: s@maxony.example}}\n"
            + "  targets:\n    - {id: list, email: l@maxony.example, tell: [incidents, maintenance, outages, statements]}\n"
            + '    - {id: chat, url: "${CONSTAT_CHAT}", tell: [incidents, maintenance, outages, statements]}\n',
            "utf-8",
        )
        (planted / "history" / "notified.csv").write_text(
            "at,target,result,id,detail\n2026-01-01T00:00:00Z,list,since,,\n2026-01-01T00:00:00Z,chat,since,,\n"
        )
        assert run(notify, planted, now=NOW) == 0
    assert len(mails) == len(chat.posted) > 5
    for mail in (message_from_bytes(data, policy=SMTP) for data in mails):
        plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert plain is not None
        assert html is not None
        assert TRACKER in html.get_content()
        assert not list(list_live(html.get_content()))
        assert not TURNING & set(f"{mail['Subject']}{plain.get_content()}{html.get_content()}")
        assert {name.lower() for name in mail}.isdisjoint({"bcc", "cc", "reply-to"})
    assert not [
        post for post in chat.posted if "@everyone" in post["message"] or "<!channel>" in post["message"]
    ]
    assert not [post for post in chat.posted if TURNING & set(f"{post['title']}{post['message']}")]
