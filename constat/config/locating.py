"""The place in `status.yml` of problems found by code that knows the name of a setting, but not its line."""

import re
from collections.abc import Iterable

from constat.errors import Problem
from constat.text import yaml_source

_SETTING = re.compile(r"([a-z_]+(?:\.[a-z_]+)+): ")
"""The beginning of such a problem: `page.brand.logo: there is no templates/logo.svg`."""


def locate_settings(problems: Iterable[Problem], text: str, file: str) -> tuple[Problem, ...]:
    """Add its place in the file to each problem that has no line and begins with the name of a setting.

    `text`: the text of a valid `status.yml`.
    """
    listed = tuple(problems)
    if not any(_names_setting(problem, file) for problem in listed):
        return listed
    document = yaml_source.read_yaml_at(text, file)
    return tuple(
        _locate(problem, document) if _names_setting(problem, file) else problem for problem in listed
    )


def _names_setting(problem: Problem, file: str) -> bool:
    return problem.file == file and not problem.line and _SETTING.match(problem.message) is not None


def _locate(problem: Problem, document: yaml_source.Document) -> Problem:
    match = _SETTING.match(problem.message)
    path = tuple(match[1].split(".")) if match else ()
    return document.problem(path, problem.message, problem.hint)
