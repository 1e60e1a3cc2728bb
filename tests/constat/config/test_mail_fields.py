"""What people write of mail, DNS and telephones: taken in one form, or refused with what to write instead."""

from collections.abc import Callable

import pytest

from constat.config.fields import network_fields, text_fields


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (network_fields.parse_mail_address, " Monitor+x@Maxony.Example ", "Monitor+x@maxony.example"),
        (network_fields.parse_mail_address, "a@bücher.example", "a@xn--bcher-kva.example"),
        (network_fields.parse_own_name, "[192.0.2.1]", "[192.0.2.1]"),
        (network_fields.parse_own_name, "[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]"),
        (network_fields.parse_own_name, "Monitor.Maxony.example", "monitor.maxony.example"),
        (network_fields.parse_network, "192.0.2.1", "192.0.2.1"),
        (network_fields.parse_network, "192.0.2.0/28", "192.0.2.0/28"),
        (network_fields.parse_network, "2001:DB8::/64", "2001:db8::/64"),
        (network_fields.parse_phone_number, "+41 (0)00 000-00.00", "+410000000000"),
        (text_fields.parse_whole_number(1024, 16_384), "2048", 2048),
    ],
)
def test_valid_value_is_normalised(parse: Callable[[object], object], text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        (network_fields.parse_mail_address, "monitor", "'monitor' is not a valid mail address"),
        (
            network_fields.parse_mail_address,
            "<monitor@maxony.example>",
            "'<monitor@maxony.example>' is not a valid mail address",
        ),
        (
            network_fields.parse_mail_address,
            "a b@maxony.example",
            "'a b@maxony.example' is not a valid mail address",
        ),
        (network_fields.parse_mail_address, "a@localhost", "'a@localhost' is not a valid mail address"),
        (
            network_fields.parse_mail_address,
            "a@b.example\r\nRSET",
            "is not a valid mail address|is not a valid host",
        ),
        (network_fields.parse_own_name, "two words", "'two words' is not a valid host"),
        (network_fields.parse_own_name, "[a\r\nb]", "is not a valid host"),
        (
            network_fields.parse_network,
            "192.0.2.1/28",
            "'192.0.2.1/28' is not a valid IP address or range: 192.0.2.1/28 has host bits set",
        ),
        (network_fields.parse_network, "everywhere", "'everywhere' is not a valid IP address or range"),
        (network_fields.parse_phone_number, "0800 000 000", "'0800 000 000' is not a valid telephone number"),
        (network_fields.parse_phone_number, "+41", r"'\+41' is not a valid telephone number"),
        (
            text_fields.parse_whole_number(1024, 16_384),
            "512",
            "'512' is not a whole number from 1024 to 16384",
        ),
    ],
)
def test_invalid_value_is_refused(parse: Callable[[object], object], text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(text)
