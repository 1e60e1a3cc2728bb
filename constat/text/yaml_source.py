"""YAML read as text: every scalar as it is written, every value with its line and column.

So `17:00`, `99.95` and `no` stay what they look like, and their parsers can say where they stand. The text is read event
by event, never by recursion: nesting, size and what aliases expand to are bounded, so that no file of a stranger can
exhaust the machine. Aliases and merge keys (`<<: *name`) are followed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import yaml

from constat.errors import InputError, Problem

Value: TypeAlias = str | list["Value"] | dict[str, "Value"]
"""A YAML value in which every scalar is text."""

Path: TypeAlias = tuple[str | int, ...]
"""The path to a value: keys and positions from the top."""

Place: TypeAlias = tuple[int, int]
"""Line and column, from 1."""

_MERGE = "<<"
MOST_DEEP = 40
MOST_VALUES = 20_000
MOST_BYTES = 1 << 20


class Document(NamedTuple):
    """A YAML document: its values as text, and the places of each value (`places`) and of its key (`keys`).

    `problems`: faults of its YAML after which it could still be read.
    """

    file: str
    data: Value
    places: Mapping[Path, Place]
    keys: Mapping[Path, Place]
    problems: tuple[Problem, ...] = ()

    def place(self, path: Path) -> Place:
        """Find the place of the value of a path, or of the nearest value around it that is written."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path]

    def key_place(self, path: Path) -> Place:
        """Find the place of the key of a path; that of the value where there is no key."""
        return self.keys.get(path) or self.place(path)

    def value_at(self, path: Path) -> "Value | None":
        """The value of a path; `None` where nothing is written."""
        value: Value = self.data
        for part in path:
            if isinstance(value, dict) and part in value:
                value = value[str(part)]
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def problem(self, path: Path, message: str, hint: str = "", *, at_key: bool = False) -> Problem:
        """Make a problem with the value, or the key, at a path."""
        line, column = self.key_place(path) if at_key else self.place(path)
        return Problem(self.file, line, column, message, hint)


def read_yaml(text: str, file: str, first_line: int = 1) -> Document:
    """Read one YAML document. `first_line`: the line of the file at which the text begins.

    Raises:
        InputError: it is not YAML, or contains duplicate keys, tags, or more than the bounds allow.

    """
    document = read_yaml_at(text, file, first_line)
    if document.problems:
        raise InputError(document.problems)
    return document


def read_yaml_at(text: str, file: str, first_line: int = 1) -> Document:
    """Read one YAML document; duplicate keys (the last one counts) and tags are only noted in its `problems`.

    Raises:
        InputError: its meaning is not clear: it is not YAML, or contains more than the bounds allow.

    """
    if len(text) > MOST_BYTES:
        raise InputError([Problem(file, first_line, 0, f"longer than {MOST_BYTES >> 20} MiB", "shorten it")])
    builder = _Builder(file, first_line)
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise InputError([*builder.problems, builder.describe_syntax_error(error)]) from None
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        problem = Problem(file, line, 0, "a character that YAML does not allow", "remove control characters")
        raise InputError([*builder.problems, problem]) from None
    if builder.broken:
        raise InputError(builder.problems)
    return Document(file, builder.root, builder.places, builder.keys, tuple(builder.problems))


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read. `key`: the mapping key whose value comes next.

    `merging`: that key is `<<`; `merged`: the values behind it.
    """

    value: "list[Value] | dict[str, Value]"
    path: Path
    anchor: str | None
    values_before: int
    key: str | None = None
    merging: bool = False
    merged: "list[Value]" = field(default_factory=list)


@dataclass(slots=True)
class _Builder:
    file: str
    first_line: int
    root: Value = ""
    places: dict[Path, Place] = field(default_factory=lambda: {(): (1, 1)})
    keys: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Value, int]] = field(default_factory=dict)
    values: int = 0
    documents: int = 0
    broken: bool = False

    def take(self, event: yaml.Event) -> None:
        """Add the next event of the text."""
        match event:
            case yaml.ScalarEvent():
                self._add_scalar(event)
            case yaml.AliasEvent():
                self._add_alias(event)
            case yaml.MappingStartEvent():
                self._open({}, event)
            case yaml.SequenceStartEvent():
                self._open([], event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close()
            case yaml.DocumentStartEvent():
                self._begin_document(event)

    def describe_syntax_error(self, error: yaml.MarkedYAMLError) -> Problem:
        """Make a problem of what libyaml found, in our words."""
        line, column = self.first_line, 0
        for mark in (error.context_mark, error.problem_mark):
            if mark is not None:
                line, column = mark.line + self.first_line, mark.column + 1
        hint = "indent with spaces, and quote a text that holds : or #"
        return Problem(self.file, line, column, f"not YAML: {error.problem or error.context}", hint)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return (mark.line + self.first_line, mark.column + 1) if mark is not None else (self.first_line, 0)

    def _refuse(self, event: yaml.Event, message: str, hint: str) -> Problem:
        self.broken = True
        return self._note(event, message, hint)

    def _note(self, event: yaml.Event, message: str, hint: str) -> Problem:
        problem = Problem(self.file, *self._place(event), message, hint)
        self.problems.append(problem)
        return problem

    def _begin_document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents > 1:
            self._refuse(event, "a second YAML document", "keep one document: remove the line ---")

    def _add_scalar(self, event: yaml.ScalarEvent) -> None:
        holder = self.stack[-1] if self.stack else None
        if event.tag:
            self._note(event, f"a tag, {event.tag}", "write the value alone")
        if holder and isinstance(holder.value, dict) and holder.key is None:
            self._add_key(holder, event)
            return
        self._put(event.value, event)
        if event.anchor:
            self.anchors[event.anchor] = (event.value, 1)

    def _add_key(self, holder: _Open, event: yaml.ScalarEvent) -> None:
        holder.key = event.value
        path = (*holder.path, event.value)
        holder.merging = event.value == _MERGE and event.implicit[0]
        if event.value in holder.value:
            line, _ = self.keys.get(path) or self.places[path]
            hint = f"it is already on line {line}: keep one"
            self._note(event, f"the key {event.value} appears twice", hint)
        self.keys[path] = self._place(event)

    def _put(self, value: Value, event: yaml.Event) -> Path:
        """Add a value to the list or mapping that is open, and return its path."""
        self.values += 1
        self._check_bounds(event)
        if not self.stack:
            if self.documents == 1:
                self.root = value
                self.places[()] = self._place(event)
            return ()
        holder = self.stack[-1]
        if isinstance(holder.value, list):
            path: Path = (*holder.path, len(holder.value))
            holder.value.append(value)
        else:
            is_key = holder.key is None
            if is_key:
                self._refuse(event, "a list or mapping as a key", "write a word, then a colon")
            path = (*holder.path, holder.key or "")
            if holder.merging:
                holder.merged.append(value)
            else:
                holder.value[holder.key or ""] = value
            holder.merging = False
            holder.key = "" if is_key else None  # what comes next is its value
        self.places[path] = self._place(event)
        return path

    def _check_bounds(self, event: yaml.Event) -> None:
        if self.values > MOST_VALUES:
            problem = self._refuse(
                event, f"more than {MOST_VALUES:,} values", "shorten it, or use fewer aliases"
            )
            raise InputError([*self.problems[:-1], problem])
        if len(self.stack) > MOST_DEEP:
            self._refuse(event, f"nested more than {MOST_DEEP} levels deep", "flatten it")
            raise InputError(self.problems)

    def _open(self, value: "list[Value] | dict[str, Value]", event: yaml.CollectionStartEvent) -> None:
        if event.tag:
            self._note(event, f"a tag, {event.tag}", "write the value alone")
        before = self.values
        self.stack.append(_Open(value, self._put(value, event), event.anchor, before))

    def _close(self) -> None:
        ended = self.stack.pop()
        if isinstance(ended.value, dict) and ended.merged:
            self._merge(ended.value, ended.path, ended.merged)
        if ended.anchor:
            self.anchors[ended.anchor] = (ended.value, self.values - ended.values_before)

    def _merge(self, into: "dict[str, Value]", path: Path, merged: "list[Value]") -> None:
        """Add the keys of merged mappings that are not written (YAML's merge key); their place is that of `<<`."""
        place = self.keys.get((*path, _MERGE), (self.first_line, 0))
        sources = [each for value in merged for each in (value if isinstance(value, list) else [value])]
        for source in sources:
            if not isinstance(source, dict):
                hint = "write <<: *name, where &name stands before a mapping"
                self.problems.append(Problem(self.file, *place, "nothing that << can merge", hint))
                continue
            for key, value in source.items():
                if key not in into:
                    into[key] = value
                    self.places[*path, key] = self.keys[*path, key] = place
        if _MERGE not in into:  # what was merged has no place of its own
            inside = [each for each in self.places if each[: len(path) + 1] == (*path, _MERGE)]
            for each in inside:
                del self.places[each]

    def _add_alias(self, event: yaml.AliasEvent) -> None:
        holder = self.stack[-1] if self.stack else None
        if holder and isinstance(holder.value, dict) and holder.key is None:
            self._refuse(event, "an alias as a key", "write the key itself")
            holder.key = f"*{event.anchor}"
            return
        if event.anchor not in self.anchors:
            self._refuse(event, f"the alias *{event.anchor} refers to nothing complete", "define it above")
        value, size = self.anchors.get(event.anchor or "", ("", 1))
        self.values += size - 1
        self._put(value, event)
