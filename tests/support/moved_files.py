"""What an import wrote, read by an independent reader that shares no code with the program."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DATA = Path(__file__).parent / "moving"
"""Real pages of others: configurations, notices and payloads, personal details replaced."""

_WORD = re.compile(r"[^\W_]+")
_LINK_TARGET = re.compile(r"\]\([^)]*\)")


class Post(NamedTuple):
    """An update in a file: its time, its state, the services that it names (`None` for none), and its text."""

    at: datetime
    state: str
    services: list[str] | None
    text: str


class MovedFile(NamedTuple):
    """A notice in a file."""

    front: dict[str, Any]
    announcement: str
    posts: list[Post]

    @property
    def starts(self) -> datetime:
        """Its start, as written at the top."""
        return read_utc(self.front["starts"])

    @property
    def times(self) -> set[datetime]:
        """Every time that the file states."""
        ends = [read_utc(self.front["ends"])] if "ends" in self.front else []
        return {self.starts, *ends, *(post.at for post in self.posts)}

    @property
    def text(self) -> str:
        """All of its words, announcement first."""
        return "\n\n".join([self.announcement, *(post.text for post in self.posts)])


def read_utc(written: str) -> datetime:
    """Read a time of ours: always whole seconds in UTC."""
    return datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def read_moved(root: Path) -> dict[str, MovedFile]:
    """Read every notice of a project, by the id that its source has for it."""
    state = json.loads((root / "import-state.json").read_text())
    (source,) = state["sources"].values()
    return {key: read_file(root / each["path"]) for key, each in source["notices"].items()}


def read_file(path: Path) -> MovedFile:
    """Read the file of one notice."""
    _, front, body = path.read_text().split("---\n", 2)
    parts = re.split(r"(?m)^## (\S+) (\w+)\n", "\n" + body)
    posts = []
    for at, state, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        named = re.match(r"services: \[(.*)\]\n", text)
        services = [name.strip() for name in named[1].split(",")] if named else None
        posts.append(Post(read_utc(at), state, services, text[named.end() :] if named else text))
    keys = yaml.load(front, Loader=yaml.BaseLoader)  # noqa: S506 -- the loader that makes nothing but texts
    return MovedFile(keys, parts[0], posts)


def split_words(text: str) -> list[str]:
    """Split a text into words, without marks, entities and the targets of links."""
    bare = _LINK_TARGET.sub("]", text.replace("\ufeff", "").replace("&lt;", "<").replace("&amp;", "&"))
    return _WORD.findall(bare)


def find_lost_words(source: str, ours: str) -> Counter[str]:
    """Find the words of a source that are missing from our text, with their number."""
    return Counter(split_words(source)) - Counter(split_words(ours))


def floor_time(at: datetime) -> datetime:
    """Drop the fraction of a second, and convert to UTC."""
    return at.astimezone(UTC).replace(microsecond=0)


def is_near(at: datetime, stated: set[datetime]) -> bool:
    """Whether a time is stated, or is one second after a stated one: of two posts in one second, the later is moved."""
    return at in stated or at - timedelta(seconds=1) in stated


def read_services(root: Path) -> dict[str, dict[str, Any]]:
    """The services of a project's status.yml by id."""
    content = yaml.load((root / "status.yml").read_text(), Loader=yaml.BaseLoader)  # noqa: S506 -- as above
    return {service["id"]: service for service in content["services"]}
