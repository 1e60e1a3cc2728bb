"""Feeds, calendars and APIs are consistent: every address in them leads to something on the site."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import icalendar
import pytest

from constat.interval import parse_instant
from tasks.build import rehearse_site
from tasks.project import Project
from tests.support.source_tree import ROOT

NOW = parse_instant("2026-11-24T09:00:00Z")
ADDRESS = "https://status.maxony.example/"
SETTINGS = f"""
page: {{id: maxony, name: Maxony, url: "{ADDRESS}", languages: [fr, en], timezone: Europe/Zurich}}
monitor: {{vantage: here}}
sla: {{target: 99}}
subscribe: {{email: "https://lists.maxony.example/status"}}
services:
  - {{id: smtp, name: {{fr: Relais SMTP, en: SMTP relay}}, checks: [{{name: port, kind: tcp, host: 127.0.0.1, port: 25}}]}}
  - {{id: api, name: API, checks: [{{name: port, kind: tcp, host: 127.0.0.1, port: 443}}]}}
"""
INCIDENT = """---
title: Envois retardés
kind: incident
services: [smtp]
impact: major
---
Les envois tardent.

## 2026-11-23T11:12+01:00 investigating
Nous regardons ![un graphique](files/graph.png).

## 2026-11-23T11:42+01:00 resolved
C'est réparé.
"""
MAINTENANCE = """---
title: Remplacement de deux relais
kind: maintenance
services: [smtp, api]
starts: 2026-12-01T22:00+01:00
ends: 2026-12-02T01:00+01:00
---
Les messages en attente sont conservés.
"""
PICTURE = bytes.fromhex("89504e470d0a1a0a")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    root = tmp_path_factory.mktemp("project")
    (root / "status.yml").write_text(SETTINGS, encoding="utf-8")
    _write(root / "incidents" / "2026-11-23-envois.md", INCIDENT)
    _write(
        root / "incidents" / "2026-11-23-envois.en.md", INCIDENT.replace("Envois retardés", "Delayed mail")
    )
    _write(root / "incidents" / "2026-12-01-relais.md", MAINTENANCE)
    (root / "incidents" / "files").mkdir()
    (root / "incidents" / "files" / "graph.png").write_bytes(PICTURE)
    return dict(rehearse_site(Project(root, ROOT, NOW)).files)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def find(site: dict[str, bytes], address: str) -> bytes | None:
    """Return the file that the site has at one of its own absolute addresses."""
    path = urlsplit(address).path.lstrip("/")
    return site.get(path + "index.html" if not path or path.endswith("/") else path)


@pytest.mark.parametrize("tree", ["", "en/"])
def test_every_entry_leads_to_its_update(site: dict[str, bytes], tree: str) -> None:
    """An entry leads to the anchor of its update on the page of the notice."""
    entries = feedparser.parse(site[f"{tree}feed.atom"]).entries
    assert len(entries) == 3
    for entry in entries:
        page, anchor = find(site, entry.link), urlsplit(entry.link).fragment
        assert page is not None, entry.link
        assert not anchor or f'id="{anchor}"'.encode() in page
        assert bool(anchor) == ("relais" not in entry.link)


def test_feed_pictures_exist(site: dict[str, bytes]) -> None:
    written = "".join(item["content_html"] for item in json.loads(site["feed.json"])["items"])
    (source,) = re.findall(r'<img[^>]*src="([^"]*)"', written)
    assert find(site, source) == PICTURE


@pytest.mark.parametrize("path", ["index.html", "en/index.html", "incidents/2026-11-23-envois/index.html"])
def test_every_page_links_existing_feeds_and_calendar(site: dict[str, bytes], path: str) -> None:
    folder = path.rpartition("/")[0]
    pattern = r'<link rel="alternate" type="((?:application|text)/[^"]*)"[^>]* href="([^"]*)"'
    named = re.findall(pattern, site[path].decode())
    assert {kind for kind, _ in named} == {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "text/calendar",
    }
    for _, href in named:
        parts: list[str] = []
        for part in f"{folder}/{href}".split("/"):
            if part == "..":
                parts.pop()
            elif part not in ("", "."):
                parts.append(part)
        assert "/".join(parts) in site


def test_a_coming_maintenance_can_be_added_to_a_calendar(site: dict[str, bytes]) -> None:
    page = site["incidents/2026-12-01-relais/index.html"].decode()
    assert 'href="../../incidents/2026-12-01-relais/maintenance.ics"' in page
    (event,) = icalendar.Calendar.from_ical(site["incidents/2026-12-01-relais/maintenance.ics"]).walk(
        "VEVENT"
    )
    assert find(site, str(event["url"])) is not None


def test_api_short_links_lead_to_notices(site: dict[str, bytes]) -> None:
    summary = json.loads(site["api/v2/incidents.json"])
    assert all(find(site, incident["shortlink"]) for incident in summary["incidents"])


def test_feed_stylesheet_exists(site: dict[str, bytes]) -> None:
    feeds = [path for path in site if path.endswith((".rss", ".atom"))]
    for path in feeds:
        (href,) = re.findall(r'<\?xml-stylesheet type="text/css" href="((?:\.\./)*)', site[path].decode())
        assert href.count("../") == path.count("/")
    assert {"feed.css", "en/feed.css"} <= site.keys()


def test_mail_subscription_links_to_the_list(site: dict[str, bytes]) -> None:
    assert b'href="https://lists.maxony.example/status"' in site["subscribe/index.html"]
