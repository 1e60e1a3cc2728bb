"""Valid values of fields, and how they are read. Invalid ones are in `bad/`."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from constat.config.fields import network_fields, text_fields, time_fields

READ: list[tuple[Callable[[object], Any], str | list[str] | dict[str, str], object]] = [
    (time_fields.parse_duration, "90s", 90),
    (time_fields.parse_duration, "0h", 0),
    (time_fields.parse_positive_duration, "14d", 14 * 86_400),
    (time_fields.parse_timeout, "800ms", Decimal("0.8")),
    (time_fields.parse_timeout, "2.5s", Decimal("2.5")),
    (time_fields.parse_timeout, "1m", Decimal(60)),
    (time_fields.parse_milliseconds, "1.25s", 1250),
    (time_fields.parse_promised_time, "4h", (4 * 3600, None)),
    (time_fields.parse_promised_time, "5wd", (None, 5)),
    (time_fields.parse_date, "2024-02-29", date(2024, 2, 29)),
    (time_fields.parse_clock_time, "08:05", time(8, 5)),
    (time_fields.parse_clock_time, "24:00", time(0)),
    (time_fields.parse_offset, "-06:00", "-06:00"),
    (time_fields.parse_offset, "America/New_York", "America/New_York"),
    (time_fields.parse_weekdays, "mon-fri", (0, 1, 2, 3, 4)),
    (time_fields.parse_weekdays, "sat-mon", (0, 5, 6)),
    (time_fields.parse_weekdays, ["wed", "mon"], (0, 2)),
    (network_fields.parse_host, "Bücher.example", "xn--bcher-kva.example"),
    (network_fields.parse_host, "WWW.Example.Org", "www.example.org"),
    (network_fields.parse_host, "_dmarc.example.org", "_dmarc.example.org"),
    (network_fields.parse_host, "[2001:DB8::1]", "2001:db8::1"),
    (network_fields.parse_host, "192.0.2.1", "192.0.2.1"),
    (network_fields.parse_host, "straße.example", "xn--strae-oqa.example"),
    (network_fields.parse_host, "API.Example.", "api.example"),
    (network_fields.parse_host, "faß.example.", "xn--fa-hia.example"),
    (network_fields.parse_host, "\uff21\uff22\uff23\u3002example", "abc.example"),
    (network_fields.parse_host, "☃.example", "xn--n3h.example"),
    (network_fields.parse_host, "FE80::1%eth0", "fe80::1%eth0"),
    (network_fields.parse_mail_address, "Help@STRASSE.Straße.example.", "Help@strasse.xn--strae-oqa.example"),
    (
        network_fields.parse_url,
        "https://MÜNCHEN.example./ä?q=ü",
        "https://xn--mnchen-3ya.example/%C3%A4?q=%C3%BC",
    ),
    (network_fields.parse_url, "http://[FE80::1%25eth0]:8080/", "http://[fe80::1%25eth0]:8080/"),
    (network_fields.parse_canary, "tcp://Bücher.example:443", "tcp://xn--bcher-kva.example:443"),
    (network_fields.parse_canary, "tcp://[2001:DB8::1]:443", "tcp://[2001:db8::1]:443"),
    (network_fields.parse_url, "https://example.org:8443/a?b=c#d", "https://example.org:8443/a?b=c#d"),
    (network_fields.parse_url, "http://[::1]:80/", "http://[::1]:80/"),
    (network_fields.parse_canary, "tcp://1.1.1.1:443", "tcp://1.1.1.1:443"),
    (network_fields.parse_statuses, "2xx", ((200, 299),)),
    (network_fields.parse_statuses, ["200-204", "301"], ((200, 204), (301, 301))),
    (text_fields.parse_flag, "No", False),
    (text_fields.parse_flag, "true", True),
    (text_fields.parse_percentage, "99.95 %", Decimal("99.95")),
    (text_fields.parse_percentage, "100", Decimal(100)),
    (text_fields.parse_size, "64KiB", 65_536),
    (text_fields.parse_size, "100", 100),
    (text_fields.parse_language, "pt-BR", "pt-br"),
    (text_fields.parse_local_text, "API", {"": "API"}),
    (text_fields.parse_local_text, {"fr": "Un", "EN": "One"}, {"fr": "Un", "en": "One"}),
    (text_fields.parse_name, "smtp-2", "smtp-2"),
]

REFUSED: list[tuple[Callable[[object], Any], object]] = [
    *(
        (time_fields.parse_duration, text)
        for text in ("5", "5 m", "m5", "-5m", "1.5h", "5M", "", "1h30m", "٣m")
    ),
    *((time_fields.parse_timeout, text) for text in ("0s", "0.0s", "10", "1h", "1.2345s")),
    *((time_fields.parse_promised_time, text) for text in ("0h", "0wd", "5d5", "wd")),
    *((time_fields.parse_date, text) for text in ("2026-02-29", "20260302", "2026-W10-1", "2 March")),
    *((time_fields.parse_clock_time, text) for text in ("8:00", "24:01", "25:00", "08:60", "0800")),
    *((time_fields.parse_offset, text) for text in ("+1:00", "+15:00", "Europe", "../etc/passwd", "")),
    *((time_fields.parse_weekdays, text) for text in ("monday", "mon-", "-fri", "")),
    (time_fields.parse_weekdays, []),
    *(
        (network_fields.parse_host, text)
        for text in (
            "",
            "a b",
            "-a.example",
            "a..b",
            "http://a",
            "a/b",
            "x" * 64 + ".example",
            "a:80",
            "fe80::1",
            "[::1",
            "a%eth0",
        )
    ),
    *(
        (network_fields.parse_url, text)
        for text in (
            "ftp://a.example",
            "https://",
            "//a.example",
            "https://a b/",
            "javascript:x",
            "https://a.example:0/",
            "http://[fe80::1]/",
            "https://a..b/",
            "https://a.example:x/",
        )
    ),
    *(
        (network_fields.parse_canary, text)
        for text in ("tcp://a.example", "udp://a.example:53", "tcp://a.example:80/x")
    ),
    *((network_fields.parse_statuses, text) for text in ("6xx", "204-200", "20", "200,201")),
    (network_fields.parse_statuses, []),
    *((text_fields.parse_flag, text) for text in ("1", "", "oui")),
    *((text_fields.parse_percentage, text) for text in ("0", "100.001", "1e2", "-1", "NaN", "9.9.9")),
    *((text_fields.parse_size, text) for text in ("0", "65MiB", "1GB", "-1")),
    *((text_fields.parse_name, text) for text in ("", "A", "a_b", "-a", "a-", "x" * 65, "__proto__", "a/b")),
    *(
        (parse, ["x"])
        for parse in (
            time_fields.parse_duration,
            network_fields.parse_host,
            text_fields.parse_name,
            text_fields.parse_flag,
        )
    ),
    *((parse, "${CONSTAT_X}") for parse in (network_fields.parse_host, text_fields.parse_filled_text)),
]


@pytest.mark.parametrize(("parse", "written", "value"), READ)
def test_valid_values_are_read(parse: Callable[[object], Any], written: object, value: object) -> None:
    assert parse(written) == value


@pytest.mark.parametrize(("parse", "written"), REFUSED)
def test_invalid_values_are_refused(parse: Callable[[object], Any], written: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(written)
