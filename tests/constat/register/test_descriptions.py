"""Short descriptions of register lines."""

import pytest

from constat.register import describe_line

WINDOW = (
    '{"at":"2026-11-20T09:00:31Z","kind":"maintenance","slug":"2026-12-01-relay","services":["api","smtp"],'
    '"starts":"2026-12-01T21:00:00Z","ends":"2026-12-02T00:00:00Z","cancelled":false}'
)
CORRECTION = (
    '{"at":"2026-11-21T08:00:02Z","kind":"correction","service":"api","start":"2026-11-20T03:00:00Z",'
    '"end":"2026-11-20T03:04:00Z","becomes":"up","decided":"2026-11-21","why":"w","evidence":"e"}'
)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            '{"at":"","kind":"service","id":"smtp","rules":{}}'.replace("{}", '{"target":"99"}'),
            "the rules of smtp",
        ),
        ('{"at":"","kind":"service","id":"smtp","rules":null}', "that smtp is no longer watched"),
        (
            WINDOW,
            "the window of 2026-12-01-relay, 2026-12-01T21:00:00Z to 2026-12-02T00:00:00Z, for api, smtp",
        ),
        (WINDOW.replace("false", "true"), "that 2026-12-01-relay is cancelled"),
        (CORRECTION, "the correction of api, 2026-11-20T03:00:00Z to 2026-11-20T03:04:00Z, to up"),
        (
            CORRECTION.replace('"up"', "null"),
            "that api, 2026-11-20T03:00:00Z to 2026-11-20T03:04:00Z is no longer corrected",
        ),
        ('{"at":"","kind":"page","timezone":"Europe/Zurich"}', "the time zone Europe/Zurich"),
        (
            '{"at":"","kind":"support","hours":[],"clock":"union","levels":[]}',
            "the hours, the clock and the levels of support",
        ),
        ('{"at":"","kind":"words","slug":"2026-12-01-relay","sha256":{}}', "the words of 2026-12-01-relay"),
    ],
)
def test_each_line_has_a_description(line: str, told: str) -> None:
    assert describe_line(line) == told
