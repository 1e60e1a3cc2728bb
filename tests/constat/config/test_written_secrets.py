"""A password that stands in status.yml as it is, is named with its line; one that is a secret, or of a trial, is not."""

import pytest

from constat.config.written_secrets import find_written_secrets


@pytest.mark.parametrize(
    "options",
    [
        "kind: smpp, host: sms.example.org, password: hunter2",
        'kind: http, url: "https://example.org/", basic: {username: a, password: hunter2}',
        'kind: http, url: "https://example.org/", bearer: hunter2',
        'kind: smpp, host: sms.example.org, password: "${CONSTAT_SMS}"',
        "kind: smpp, host: 127.0.0.1, port: 2775, password: demo",
        'kind: http, url: "http://localhost:80/", bearer: demo',
        "kind: tcp, host: example.org, port: 25",
    ],
)
def test_a_written_password_of_a_check_is_a_warning(options: str) -> None:
    line = f"      - {{name: b, {options}}}"
    text = f"services:\n  - id: a\n    checks:\n{line}\n"
    message = "a password is written down (write ${CONSTAT_NAME}, and declare it under secrets)"
    expected = [f"status.yml:4:{line.index('hunter2') + 1}: warning: {message}"] if "hunter2" in line else []
    assert [str(problem) for problem in find_written_secrets(text, "status.yml")] == expected


def test_the_password_of_the_mail_server_is_one_too() -> None:
    text = "notify:\n  mail:\n    host: smtp.example.org\n    password: hunter2\n"
    (problem,) = find_written_secrets(text, "status.yml")
    assert (problem.line, problem.severity) == (4, "warning")
