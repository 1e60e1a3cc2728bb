"""Upstream status pages on loopback: each format and every kind of failure. None of it counts in a figure."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from constat.interval import format_instant
from tasks.look import plan_look
from tasks.project import Project
from tasks.upstream import UpstreamAsker
from tests.support.command_line import generate_here
from tests.support.look_recorder import LookRecorder
from tests.support.scripted_server import SILENCE, Act, ScriptedServer, Trickle
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

NOW = 1_795_600_800  # 2026-11-25T10:00:00Z
SUMMARY = {
    "page": {"id": "x", "name": "Cloud", "url": "https://status.cloud.example"},
    "status": {"indicator": "major", "description": "Partial System Outage"},
    "components": [
        {"id": "c1", "name": "DNS", "status": "operational"},
        {"id": "c2", "name": "Object storage", "status": "degraded_performance"},
    ],
    "incidents": [
        {
            "name": "Slow <b>uploads</b> &amp; <img src=x",
            "shortlink": "https://stspg.example/1",
            "components": [{"id": "c2"}],
        }
    ],
    "scheduled_maintenances": [],
}
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Cloud</title>
<item><title>Old</title><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate><link>https://c.example/1</link></item>
<item><title>Network &lt;i&gt;trouble&lt;/i&gt;</title><pubDate>Wed, 25 Nov 2026 09:12:00 +0000</pubDate><link>https://c.example/2</link></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Cloud</title>
<entry><title>Network trouble</title><updated>2026-11-25T09:12:00Z</updated><link rel="self" href="https://c.example/x"/>
<link href="https://c.example/2"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><title>Not this</title></div></content></entry></feed>"""


def answer(body: str | bytes, status: str = "200 OK", *more: str) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(data)}", "Connection: close", *more])
    return f"{head}\r\n\r\n".encode() + data


class Place:
    """A project that depends on a server of this machine, asked at any time."""

    def __init__(self, root: Path, server: ScriptedServer) -> None:
        self.root, self.server, self.listener = root, server, LookRecorder()
        self.write("kind: statuspage")

    def write(self, options: str, *, path: str = "") -> None:
        url = f"http://127.0.0.1:{self.server.port}{path}"
        more = f"upstream:\n  - {{id: cloud, name: Cloud, url: '{url}', link: 'https://status.cloud.example', {options}}}\n"
        write_project(self.root, format_service("smtp", "kind: tcp, host: 127.0.0.1, port: 9"), more=more)

    def ask(self, now: int = NOW, asker: UpstreamAsker | None = None) -> None:
        used = asker or UpstreamAsker(lambda: now, self.listener, 0.2)
        used.collect(plan_look(Project(self.root, ROOT, now), {}))

    def say(self, body: str | bytes, *more: str, status: str = "200 OK") -> None:
        self.server.acts = (b"", lambda client: client.recv(4096), answer(body, status, *more))

    @property
    def rows(self) -> list[str]:
        return (self.root / "history/upstream-2026-11.csv").read_text("utf-8").splitlines()[1:]

    def build(self, now: int = NOW) -> str:
        told = generate_here("-q", "--root", str(self.root), "build", "--now", format_instant(now))
        assert told.returncode == 0, told.stderr
        return (self.root / "site/index.html").read_text("utf-8")


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, server: ScriptedServer) -> Place:
    return Place(tmp_path, server)


SAID: dict[str, tuple[str, str, str]] = {
    "a page": (
        "kind: statuspage",
        json.dumps(SUMMARY),
        "outage,Slow uploads & <img src=x,https://stspg.example/1",
    ),
    "a component that is well": ("kind: statuspage, component: dns", json.dumps(SUMMARY), "fine,,"),
    "a component by its id": (
        "kind: statuspage, component: c2",
        json.dumps(SUMMARY),
        "degraded,Slow uploads & <img src=x,https://stspg.example/1",
    ),
    "a page without an incident": (
        "kind: statuspage",
        json.dumps({**SUMMARY, "incidents": []}),
        "outage,Partial System Outage,",
    ),
    "a component that is gone": ("kind: statuspage, component: Mail", json.dumps(SUMMARY), "unknown,,"),
    "a link that runs": (
        "kind: statuspage",
        json.dumps({**SUMMARY, "incidents": [{"name": "=1+1,\n2", "shortlink": "javascript:alert(1)"}]}),
        "outage,1+1%2C 2,",
    ),
    "RSS": ("kind: feed", RSS, "news,Network trouble,https://c.example/2"),
    "Atom": ("kind: feed", ATOM, "news,Network trouble,https://c.example/2"),
    "a feed that says its titles twice": (
        "kind: feed",
        RSS.replace("<rss", '<rss xmlns:media="http://search.yahoo.com/mrss/"').replace(
            "</title><pub", "</title><media:title>Picture</media:title><pub"
        ),
        "news,Network trouble,https://c.example/2",
    ),
    "a quiet feed": ("kind: feed", RSS.replace("25 Nov 2026", "20 Nov 2026"), "quiet,,"),
    "a feed for a page": ("kind: statuspage", RSS, "unknown,,"),
    "a page for a feed": ("kind: feed", json.dumps(SUMMARY), "unknown,,"),
    "HTML": ("kind: feed", "<html><body>hello</body></html>", "unknown,,"),
    "entities that grow": (
        "kind: feed",
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>',
        "unknown,,",
    ),
    "deep JSON": ("kind: statuspage", "[" * 90_000, "unknown,,"),
    "a list": ("kind: statuspage", "[1]", "unknown,,"),
    "a strange status": ("kind: statuspage", '{"status": {"indicator": ["none"]}}', "unknown,,"),
}


@pytest.mark.parametrize("name", SAID)
def test_upstream_answer_becomes_a_row(name: str, place: Place) -> None:
    options, body, row = SAID[name]
    place.write(options)
    place.say(body)
    place.ask()
    assert place.rows == [f"2026-11-25T10:00:00Z,cloud,{row}"]
    assert bool(place.listener.troubles) == row.startswith("unknown")


SILENT: dict[str, tuple[Act, ...]] = {
    "hangs": (SILENCE,),
    "drips": (Trickle(answer(json.dumps(SUMMARY)), 0.02),),
    "closes": (b"",),
    "talks nonsense": (b"\x00\xff garbage\r\n\r\n",),
    "fails": (answer("x", "503 Service Unavailable"),),
    "is not there": (answer("x", "404 Not Found"),),
    "leads elsewhere": (answer("", "302 Found", "Location: http://127.0.0.1:1/api/v2/summary.json"),),
    "sends too much": (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b" " * 3_200_000,),
}


@pytest.mark.parametrize("name", SILENT)
def test_missing_answer_is_unknown_and_reported_once(name: str, place: Place) -> None:
    place.server.acts = SILENT[name]
    now = NOW
    asker = UpstreamAsker(lambda: now, place.listener, 0.2)
    place.ask(asker=asker)
    now += 300
    place.ask(now, asker)
    assert [row.split(",", 1)[1] for row in place.rows] == ["cloud,unknown,,"] * 2
    [trouble] = place.listener.troubles
    assert trouble.startswith("upstream cloud: ")


def test_upstream_is_asked_at_most_once_per_interval(place: Place) -> None:
    place.say(json.dumps(SUMMARY))
    for seconds in (0, 60, 299, 300, 301):
        place.ask(NOW + seconds)
    assert [row[:20] for row in place.rows] == ["2026-11-25T10:00:00Z", "2026-11-25T10:05:00Z"]


def test_upstream_is_asked_after_the_clock_was_set_back(place: Place) -> None:
    place.say(json.dumps(SUMMARY))
    times = iter([NOW + 86_400, NOW])
    asker = UpstreamAsker(lambda: next(times), place.listener, 0.2)
    place.ask(asker=asker)
    place.ask(asker=asker)
    assert [row.partition(",")[0] for row in place.rows] == ["2026-11-26T10:00:00Z", "2026-11-25T10:00:00Z"]


def test_upstream_status_is_shown_separately_and_never_counted(place: Place) -> None:
    before = _without_upstream(place.build())
    assert "autres prestataires" in place.build()
    place.say(json.dumps(SUMMARY))
    place.ask()
    shown = place.build()
    section = shown.partition('id="upstream"')[2].partition("</section>")[0]
    assert "signale une panne" in section
    assert '<a href="https://stspg.example/1">Slow uploads &amp; &lt;img src=x</a>' in section
    assert '<time datetime="2026-11-25T10:00:00Z">' in section
    assert _without_upstream(shown) == before, "neither the banner nor a figure says another word for it"
    said = json.loads((place.root / "site/api/upstream.json").read_text("utf-8"))
    assert said == {
        "counted": False,
        "upstream": [
            {
                "id": "cloud",
                "name": "Cloud",
                "url": "https://status.cloud.example",
                "state": "outage",
                "as_of": "2026-11-25T10:00:00Z",
                "title": "Slow uploads & &lt;img src=x",
                "link": "https://stspg.example/1",
            }
        ],
    }
    assert not list((place.root / "site/api/v2").glob("*upstream*"))


def _without_upstream(html: str) -> str:
    head, _, rest = html.partition('<section id="upstream">')
    return head + rest.partition("</section>")[2]


def test_outdated_upstream_status_says_since_when(place: Place) -> None:
    assert "pas encore connu" in place.build()
    place.say(json.dumps(SUMMARY))
    place.ask()
    place.server.acts = (SILENCE,)
    place.ask(NOW + 300)
    shown = place.build(NOW + 400)
    assert 'état inconnu <time datetime="2026-11-25T10:00:00Z">' in shown
    assert "signale une panne" not in shown
    (place.root / "history/upstream-2026-11.csv").write_bytes(b"at,id\n\xff,,,,\n1,2,fine,4,5\n")
    assert "pas encore connu" in place.build(NOW + 400)


def test_rows_of_two_watches_are_read_in_the_order_of_their_times(place: Place) -> None:
    lines = [
        "10:02:00Z,cloud,unknown,,",
        "10:00:00Z,cloud,fine,,",
        "09:59:00Z,cloud,outage,Old,",
        "10:01:00Z,cloud,outage,New,",
    ]
    text = "\n".join(["at,id,state,title,link", *(f"2026-11-25T{line}" for line in (*lines, lines[2]))])
    (place.root / "history").mkdir()
    (place.root / "history/upstream-2026-11.csv").write_text(f"{text}\n", "utf-8")
    assert "<br>New" in place.build(NOW + 70)
    assert "état inconnu" in place.build(NOW + 150)


def test_stopped_watch_leaves_upstream_status_unknown(place: Place) -> None:
    place.say(json.dumps({**SUMMARY, "status": {"indicator": "none"}}))
    place.ask()
    assert "aucun problème signalé" in place.build(NOW + 1800)
    assert "aucun problème signalé" not in place.build(NOW + 7200)


def test_another_constat_is_read_through_its_api(place: Place) -> None:
    place.build()
    place.say((place.root / "site/api/v2/summary.json").read_bytes())
    place.ask()
    assert place.rows[0].startswith("2026-11-25T10:00:00Z,cloud,degraded,"), (
        "it was not measured, and says so"
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("kind: feed, component: DNS", "a feed has no components (take it out)"),
        (
            "kind: statuspage, every: 10s",
            "asked more often than once a minute (write at least 1m: it is not ours)",
        ),
        ("kind: upptime", "'upptime' is not a valid value"),
    ],
)
def test_invalid_section_is_reported(options: str, told: str, place: Place) -> None:
    place.write(options)
    done = generate_here("-q", "--root", str(place.root), "validate")
    assert done.returncode == 2
    assert told in done.stdout
