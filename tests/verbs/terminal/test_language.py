"""The language of a terminal, from the variables of POSIX."""

import pytest

from verbs.terminal.language import read_language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, ""),
        ({"LANG": "fr_CH.UTF-8"}, "fr"),
        ({"LANG": "fr_CH.UTF-8", "LC_MESSAGES": "de_DE@euro"}, "de"),
        ({"LANG": "fr_CH.UTF-8", "LC_ALL": "C.UTF-8"}, ""),
        ({"LANG": "POSIX"}, ""),
        ({"LANG": "it", "LC_ALL": ""}, "it"),
    ],
)
def test_first_variable_that_is_set_decides(environment: dict[str, str], language: str) -> None:
    assert read_language(environment) == language
