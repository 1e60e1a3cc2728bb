"""A project with frozen months in which strangers planted markup in every field that they control."""

import json
from pathlib import Path

from constat.interval import Instant
from tests.support.availability_cases import parse_time
from tests.support.frozen_project import FALSE_ALARM, freeze_all, write_frozen_project

NOW: Instant = parse_time("2026-11-05 12:00")
TRACKER = "tracker.example"
SCRIPT = f'<script src="https://{TRACKER}/s.js">alert(1)</script>'
PICTURE = f'<img src="https://{TRACKER}/p.gif" onerror="alert(2)">'
BREAKOUT = f"\"'><svg onload=alert(3)><a href=javascript:alert(4)>{TRACKER}</a>"
ESCAPED = f"&lt;script&gt;alert(5)//{TRACKER}&lt;/script&gt; &#60;img src=x onerror=alert(6)&#62;"
ENDS = "]]></title></textarea></script><!-- --> {{ 7 * 7 }} %(page)s"
PLANTED = f"{SCRIPT} {PICTURE} {BREAKOUT} {ESCAPED} {ENDS}"
"""What stands in every field of text."""

TITLE = f"R&D {ESCAPED} ]]> \" ' onmouseover=alert(8) {TRACKER} {{{{ 7 * 7 }}}}"
"""The title of a notice, in which a tag is refused, and its spelling in entities is not."""

HOURS = 'days: mon-fri, from: 08:00, to: 17:00, zone: "+01:00"'

BODY = f"""
Raw: {SCRIPT} {PICTURE} {BREAKOUT} {ESCAPED} ]]>

Code: `{PICTURE}` and `{ESCAPED}`

[a link](javascript:alert(9)) [another](data:text/html,alert(10)) [third](https://user@{TRACKER}/)
![a picture](https://{TRACKER}/q.gif) <https://{TRACKER}/?a=1&b="onclick=alert(11)>
&#x202e;turned\u202e

@everyone &lt;!channel&gt; `<!channel>`

    {SCRIPT}
"""


def plant(root: Path, reason: str) -> Path:
    """Write the project. `reason`: why the checks failed, as a check wrote it of what a target said."""
    write_frozen_project(root)
    _plant_settings(root / "status.yml")
    for path in (root / "history").glob("2026/*/*.csv"):
        path.write_text(path.read_text("utf-8").replace(",refused\n", f",{reason}\n"), "utf-8")
    register = root / "history" / "register.jsonl"
    why = json.dumps(FALSE_ALARM.why)
    register.write_text(register.read_text("utf-8").replace(why, json.dumps(PLANTED)), "utf-8")
    corrections = root / "corrections.yml"
    corrections.write_text(corrections.read_text("utf-8").replace(FALSE_ALARM.why, _quote(PLANTED)), "utf-8")
    freeze_all(root)
    _plant_notices(root / "incidents")
    return root


def _quote(text: str) -> str:
    """Quote a text for YAML."""
    return "'" + text.replace("'", "''") + "'"


def _plant_settings(path: Path) -> None:
    planted = _quote(PLANTED)
    text = path.read_text("utf-8")
    for old, new in {
        "name: Maxony": f"name: {planted}",
        "languages: [fr]": "languages: [fr, en]",
        "    name: smtp": f"    name: {_quote('smtp ' + PLANTED)}\n    group: {planted}",
        "    name: api": f"    name: {_quote('api ' + PLANTED)}",
        "name: First level": f"name: {planted}",
        "support:\n": f"support:\n  contacts: [{{channel: phone, address: {planted}, region: {planted}}}]\n",
        "    - {region: Europe,": f"    - {{region: {planted}, {HOURS}}}\n    - {{region: Europe,",
        '  contract: {version: "2026-01"': f"  contract: {{version: {planted}",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def _plant_notices(folder: Path) -> None:
    folder.mkdir()
    title = _quote(TITLE)
    incident = f"---\ntitle: {title}\nkind: incident\nservices: [smtp]\nimpact: major\n---\n{BODY}"
    (folder / "2026-11-04-incident.md").write_text(
        f"{incident}\n## 2026-11-04T09:00+01:00 investigating\n{BODY}\n## 2026-11-04T10:00+01:00 identified\n{BODY}",
        "utf-8",
    )
    times = "starts: 2026-11-09T22:00+01:00\nends: 2026-11-09T23:00+01:00"
    (folder / "2026-11-09-maintenance.md").write_text(
        f"---\ntitle: {title}\nkind: maintenance\nservices: [smtp, api]\n{times}\n---\n{BODY}", "utf-8"
    )
    (folder / "2026-11-09-maintenance.en.md").write_text(f"---\ntitle: {title}\n---\n{BODY}", "utf-8")
