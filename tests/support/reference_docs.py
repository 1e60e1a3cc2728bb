"""The reference pages, made from the code: every key of status.yml, every command and option.

    python -m tests.support.reference_docs

writes them anew.
"""

import argparse
import runpy
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from importlib import import_module
from typing import Any, get_args, get_origin, get_type_hints

from constat.config.pydantic_path import build_json_schema
from constat.config.sections import Root
from constat.config.value_parsing import spell_key
from tests.support.source_tree import ROOT
from verbs.terminal.arguments import module_of

STATUS = ROOT / "docs/reference/status.md"
COMMANDS = ROOT / "docs/reference/commands.md"

_STATUS_HEAD = """\
# Every key of status.yml

Generated from the code by `python -m tests.support.reference_docs`. A key that is not marked as required may be left out; its default is given in
brackets. Durations are written `90s`, `5m`, `4h` or `14d`; a text for customers is one text, or one per language: `{fr: Relais, en: Relay}`.
Editors can complete all of this: [the schema](../status.schema.json) is part of every project that `constat init` creates. The options of each kind
of check are in [The kinds of check](../checks.md)."""

_ABOUT_PAGE = "The status page itself."
_COMMANDS_HEAD = """\
# Every command

Generated from the code by `python -m tests.support.reference_docs`. Every command takes `--root DIR` (the project; the current folder by default), `--now TIME`,
`-v` (more), `-q` (no closing line) and `--help`. It exits with 0 (done), 1 (it ran, and found something wrong) or 2 (it could not run: wrong
usage, a wrong `status.yml`, a full disk)."""


def write_status_page() -> str:
    """The page of all keys."""
    definitions: Mapping[str, Any] = build_json_schema(Root)["$defs"]
    top = build_json_schema(Root)["properties"]
    parts = [_STATUS_HEAD]
    hints = get_type_hints(Root)
    for field in fields(Root):
        about = [top[field.name].get("description") or _ABOUT_PAGE]
        about += ["Required."] if _is_required(field) else []
        parts.append(f"## {field.name}\n\n{' '.join(about)}")
        rows = list(_list_rows(hints[field.name], definitions, ""))
        if rows:
            parts.append("\n".join(["| key | meaning |", "| --- | --- |", *rows]))
    return "\n\n".join(parts) + "\n"


def _list_rows(hint: Any, definitions: Mapping[str, Any], prefix: str) -> Iterator[str]:
    declaration, mark = _find_declaration(hint)
    if declaration is None:
        return
    hints = get_type_hints(declaration)
    properties = definitions[declaration.__name__]["properties"]
    for field in fields(declaration):
        name = f"{prefix}{mark}{spell_key(field.name)}"
        about = properties[spell_key(field.name)].get("description", "").replace("|", "\\|")
        yield f"| `{name}`{' (required)' if _is_required(field) else ''} | {about} |"
        yield from _list_rows(hints[field.name], definitions, f"{name}.")


def _find_declaration(hint: Any) -> tuple[type[Any] | None, str]:
    """The table that a type holds, and how its keys are marked: `[]` for each of a list, `NAME.` for each of a table."""
    if isinstance(hint, type) and is_dataclass(hint):
        return hint, ""
    for inside in get_args(hint):
        declaration, mark = _find_declaration(inside)
        if declaration:
            marks = {tuple: "[].", Mapping: "NAME."}
            return declaration, marks.get(get_origin(hint), mark)
    return None, ""


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def write_commands_page() -> str:
    """The page of all commands."""
    verbs: Mapping[str, str] = runpy.run_path(str(ROOT / "generate.py"))["VERBS"]
    parts = [_COMMANDS_HEAD]
    for name, summary in verbs.items():
        parser = argparse.ArgumentParser(prog=f"constat {name}", add_help=False)
        import_module(module_of(name)).add_arguments(parser)
        parts.append(f"## {name}\n\n{_sentence(summary)}")
        parts += _describe_parser(parser)
    return "\n\n".join(parts) + "\n"


def _describe_parser(parser: argparse.ArgumentParser) -> Iterator[str]:
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    said = [action for action in parser._actions if action not in inner and action.dest != "help"]
    rows = [_describe_action(action) for action in said if action.help != argparse.SUPPRESS]
    if rows:
        yield "\n".join(["| argument | meaning |", "| --- | --- |", *rows])
    for action in inner:
        summaries = {choice.dest: choice.help for choice in action._choices_actions}
        for word, subparser in action.choices.items():
            yield f"### {parser.prog.removeprefix('constat ')} {word}\n\n{_sentence(str(summaries.get(word, '')))}"
            yield from _describe_parser(subparser)


def _describe_action(action: argparse.Action) -> str:
    value = action.metavar or (
        action.dest.upper() if action.nargs != 0 and action.option_strings else action.dest
    )
    if action.choices and not action.metavar:
        value = " or ".join(map(str, action.choices))
    names = ", ".join(
        f"`{name}`" if action.nargs == 0 else f"`{name} {value}`" for name in action.option_strings
    )
    about = (action.help or "").replace("|", "\\|").replace("%%", "%")
    if "%(" in about:
        about %= {"default": action.default}
    return f"| {names or f'`{value}`'} | {about} |"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def main() -> None:
    """Write both pages."""
    STATUS.write_text(write_status_page(), encoding="utf-8")
    COMMANDS.write_text(write_commands_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
