"""Notices as the form of /compose/ holds them, and its scripts run outside a browser."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from constat.notices.browser_rules import build_rules
from constat.notices.context import NoticeContext
from constat.notices.front import KEYS
from constat.notices.source import NoticeSource, Problems, Section, split_source
from constat.notices.times import TimeError, read_time
from constat.text.yaml_source import Value
from tests.support.required_programs import needs
from tests.support.source_tree import ROOT

Draft = dict[str, Any]
"""What the form holds: kind, services, impact, times in seconds, state, texts by language, and the notice it updates."""

_SCRIPTS = ("compose_check.js", "compose_times.js")
"""Those that need no page."""

_RUN = """
const { script, rules, zone, calls } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const { Notices, Times } = new Function(`${script}; return { Notices, Times }`)();
const notices = Notices(rules, zone);
const parts = { ...notices, ...Times(notices) };
console.log(JSON.stringify(calls.map(([name, ...values]) => parts[name](...values))));
"""


def call_script(zone: str, calls: Sequence[Sequence[object]]) -> list[Any]:
    """Call functions of the script in one run of Node: each call is the name of one and its arguments."""
    given = {
        "script": "\n".join((ROOT / "templates" / name).read_text(encoding="utf-8") for name in _SCRIPTS),
        "rules": build_rules(),
        "zone": zone,
        "calls": calls,
    }
    run = subprocess.run(  # noqa: S603 -- our own script
        [needs("node", "nodejs"), "-e", _RUN],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[Any] = json.loads(run.stdout)
    return answers


class InexpressibleError(ValueError):
    """The form has no place for something that a file says."""


def express(data: bytes, context: NoticeContext) -> list[Draft]:
    """A file as its author would have made it with the form: a new notice, then its updates.

    Raises:
        InexpressibleError: the form cannot make such a file.

    """
    source = split_source(data, Problems("incidents/a.md"))
    if source is None or source.front is None or not isinstance(source.front.data, dict):
        raise InexpressibleError("the form writes the front matter")
    front = source.front.data
    kind = front.get("kind")
    if kind not in KEYS or not set(front) <= {*KEYS[str(kind)]} - {"remind"}:
        raise InexpressibleError("a kind or a key that is not in the form")
    return list(_express(source, front, str(kind), context))


def _express(
    source: NoticeSource, front: Mapping[str, Value], kind: str, context: NoticeContext
) -> Iterator[Draft]:
    updates = sorted(
        (_express_update(section, context) for section in source.updates if _is_update(section)),
        key=lambda update: int(update["at"]),
    )
    headings = [
        f"## {section.heading}\n{section.text}" for section in source.updates if not _is_update(section)
    ]
    texts = [source.announcement.text, *headings]
    new: Draft = {"kind": kind, **_express_front(front, context), "notice": None}
    if kind == "incident":
        first = updates.pop(0) if updates else {"at": new["starts"], "state": "investigating", "text": ""}
        if first["at"] is None:
            raise InexpressibleError("an update always has a time")
        texts.insert(0, first["text"])
        new |= {"at": first["at"], "state": first["state"], "next": first.get("next") or new["next"]}
        new["impact"] = first.get("impact") or new["impact"]
    yield new | {"texts": [_text(front, "\n\n".join(filter(None, texts)))]}
    told = [{"at": new["at"], "state": new["state"]}] if kind == "incident" else []
    for update in updates:
        notice = {**new, "languages": [], "stem": "2026-11-20-relay", "updates": list(told)}
        yield {
            **new,
            "impact": "",
            "next": None,
            **update,
            "notice": notice,
            "texts": [_text(front, update["text"])],
        }
        told.append({"at": update["at"], "state": update["state"]})


def _is_update(section: Section) -> bool:
    """Whether a section is an update; what has another heading was written into a text."""
    words = section.heading.split()
    return len(words) == 2 and words[0][0].isdigit()


def _text(front: Mapping[str, Value], text: str) -> Draft:
    return {"language": "fr", "title": str(front.get("title", "")), "text": text}


def _express_front(front: Mapping[str, Value], context: NoticeContext) -> Draft:
    services = front.get("services")
    if not isinstance(services, list):
        raise InexpressibleError("the form writes a list of services")
    times = {key: _time(front.get(key), context) for key in ("starts", "ends", "next")}
    return {"services": services, "impact": front.get("impact", ""), "at": None, "state": "", **times}


def _express_update(section: Section, context: NoticeContext) -> Draft:
    words = section.heading.split()
    if "services" in section.changes:
        raise InexpressibleError("the form changes no services")
    changes = {key: value for key, (_, value) in section.changes.items()}
    impact, following = changes.get("impact", ""), _time(changes.get("next"), context)
    return {
        "at": _time(words[0], context),
        "state": words[1],
        "text": section.text,
        "impact": impact,
        "next": following,
    }


def _time(written: object, context: NoticeContext) -> int | None:
    if written is None:
        return None
    try:
        return read_time(str(written), context.zone)
    except TimeError as error:
        raise InexpressibleError("the form writes times with their offset") from error
