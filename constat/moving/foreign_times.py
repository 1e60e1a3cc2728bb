"""Times as other tools write them: with or without an offset, with fractions, with a space in place of the `T`."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from constat.interval import FIRST_YEAR, LAST_YEAR, Instant

_TIME: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?"
    r"\s*([Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?((?<=\d) [A-Z]{3,4})?"
)
_UTC_NAMES: Final = frozenset({"Z", "UTC", "GMT"})

RAILS_ZONES: Final = {
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Mountain Time (US & Canada)": "America/Denver",
    "Central Time (US & Canada)": "America/Chicago",
    "Eastern Time (US & Canada)": "America/New_York",
    "Atlantic Time (Canada)": "America/Halifax",
    "Arizona": "America/Phoenix",
    "Hawaii": "Pacific/Honolulu",
    "Alaska": "America/Juneau",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Newfoundland": "America/St_Johns",
    "Mexico City": "America/Mexico_City",
    "Bogota": "America/Bogota",
    "Lima": "America/Lima",
    "Santiago": "America/Santiago",
    "Buenos Aires": "America/Argentina/Buenos_Aires",
    "Brasilia": "America/Sao_Paulo",
    "UTC": "Etc/UTC",
    "London": "Europe/London",
    "Edinburgh": "Europe/London",
    "Dublin": "Europe/Dublin",
    "Lisbon": "Europe/Lisbon",
    "Madrid": "Europe/Madrid",
    "Paris": "Europe/Paris",
    "Brussels": "Europe/Brussels",
    "Amsterdam": "Europe/Amsterdam",
    "Berlin": "Europe/Berlin",
    "Bern": "Europe/Zurich",
    "Zurich": "Europe/Zurich",
    "Rome": "Europe/Rome",
    "Vienna": "Europe/Vienna",
    "Prague": "Europe/Prague",
    "Budapest": "Europe/Budapest",
    "Warsaw": "Europe/Warsaw",
    "Stockholm": "Europe/Stockholm",
    "Copenhagen": "Europe/Copenhagen",
    "Helsinki": "Europe/Helsinki",
    "Kyiv": "Europe/Kiev",
    "Athens": "Europe/Athens",
    "Bucharest": "Europe/Bucharest",
    "Istanbul": "Europe/Istanbul",
    "Moscow": "Europe/Moscow",
    "Cairo": "Africa/Cairo",
    "Jerusalem": "Asia/Jerusalem",
    "Pretoria": "Africa/Johannesburg",
    "Nairobi": "Africa/Nairobi",
    "Abu Dhabi": "Asia/Muscat",
    "Mumbai": "Asia/Kolkata",
    "New Delhi": "Asia/Kolkata",
    "Chennai": "Asia/Kolkata",
    "Kolkata": "Asia/Kolkata",
    "Bangkok": "Asia/Bangkok",
    "Jakarta": "Asia/Jakarta",
    "Singapore": "Asia/Singapore",
    "Kuala Lumpur": "Asia/Kuala_Lumpur",
    "Hong Kong": "Asia/Hong_Kong",
    "Beijing": "Asia/Shanghai",
    "Taipei": "Asia/Taipei",
    "Seoul": "Asia/Seoul",
    "Tokyo": "Asia/Tokyo",
    "Osaka": "Asia/Tokyo",
    "Perth": "Australia/Perth",
    "Adelaide": "Australia/Adelaide",
    "Brisbane": "Australia/Brisbane",
    "Sydney": "Australia/Sydney",
    "Melbourne": "Australia/Melbourne",
    "Auckland": "Pacific/Auckland",
    "Wellington": "Pacific/Auckland",
    "International Date Line West": "Etc/GMT+12",
    "Midway Island": "Pacific/Midway",
    "American Samoa": "Pacific/Pago_Pago",
    "Tijuana": "America/Tijuana",
    "Mazatlan": "America/Mazatlan",
    "Chihuahua": "America/Chihuahua",
    "Saskatchewan": "America/Regina",
    "Guadalajara": "America/Mexico_City",
    "Monterrey": "America/Monterrey",
    "Central America": "America/Guatemala",
    "Quito": "America/Lima",
    "Caracas": "America/Caracas",
    "La Paz": "America/La_Paz",
    "Georgetown": "America/Guyana",
    "Puerto Rico": "America/Puerto_Rico",
    "Montevideo": "America/Montevideo",
    "Greenland": "America/Nuuk",
    "Mid-Atlantic": "Atlantic/South_Georgia",
    "Azores": "Atlantic/Azores",
    "Cape Verde Is.": "Atlantic/Cape_Verde",
    "Casablanca": "Africa/Casablanca",
    "Monrovia": "Africa/Monrovia",
    "Belgrade": "Europe/Belgrade",
    "Bratislava": "Europe/Bratislava",
    "Ljubljana": "Europe/Ljubljana",
    "Sarajevo": "Europe/Sarajevo",
    "Skopje": "Europe/Skopje",
    "Zagreb": "Europe/Zagreb",
    "West Central Africa": "Africa/Algiers",
    "Riga": "Europe/Riga",
    "Sofia": "Europe/Sofia",
    "Tallinn": "Europe/Tallinn",
    "Vilnius": "Europe/Vilnius",
    "Minsk": "Europe/Minsk",
    "Kaliningrad": "Europe/Kaliningrad",
    "Harare": "Africa/Harare",
    "St. Petersburg": "Europe/Moscow",
    "Volgograd": "Europe/Volgograd",
    "Samara": "Europe/Samara",
    "Kuwait": "Asia/Kuwait",
    "Riyadh": "Asia/Riyadh",
    "Baghdad": "Asia/Baghdad",
    "Tehran": "Asia/Tehran",
    "Muscat": "Asia/Muscat",
    "Baku": "Asia/Baku",
    "Tbilisi": "Asia/Tbilisi",
    "Yerevan": "Asia/Yerevan",
    "Kabul": "Asia/Kabul",
    "Ekaterinburg": "Asia/Yekaterinburg",
    "Islamabad": "Asia/Karachi",
    "Karachi": "Asia/Karachi",
    "Tashkent": "Asia/Tashkent",
    "Sri Jayawardenepura": "Asia/Colombo",
    "Kathmandu": "Asia/Kathmandu",
    "Dhaka": "Asia/Dhaka",
    "Astana": "Asia/Dhaka",
    "Almaty": "Asia/Almaty",
    "Urumqi": "Asia/Urumqi",
    "Novosibirsk": "Asia/Novosibirsk",
    "Rangoon": "Asia/Yangon",
    "Hanoi": "Asia/Bangkok",
    "Krasnoyarsk": "Asia/Krasnoyarsk",
    "Chongqing": "Asia/Chongqing",
    "Ulaanbaatar": "Asia/Ulaanbaatar",
    "Ulaan Bataar": "Asia/Ulaanbaatar",
    "Irkutsk": "Asia/Irkutsk",
    "Sapporo": "Asia/Tokyo",
    "Yakutsk": "Asia/Yakutsk",
    "Darwin": "Australia/Darwin",
    "Canberra": "Australia/Canberra",
    "Hobart": "Australia/Hobart",
    "Vladivostok": "Asia/Vladivostok",
    "Guam": "Pacific/Guam",
    "Port Moresby": "Pacific/Port_Moresby",
    "Magadan": "Asia/Magadan",
    "Srednekolymsk": "Asia/Srednekolymsk",
    "Solomon Is.": "Pacific/Guadalcanal",
    "New Caledonia": "Pacific/Noumea",
    "Fiji": "Pacific/Fiji",
    "Kamchatka": "Asia/Kamchatka",
    "Marshall Is.": "Pacific/Majuro",
    "Chatham Is.": "Pacific/Chatham",
    "Nuku'alofa": "Pacific/Tongatapu",
    "Tokelau Is.": "Pacific/Fakaofo",
    "Samoa": "Pacific/Apia",
}
"""Names of time zones as Ruby on Rails has them (ActiveSupport::TimeZone), which Statuspage publishes."""


def read_time(text: object, zone: tzinfo = UTC) -> Instant | None:
    """Read a time; without an offset it is taken in the zone. A fraction of a second is cut off, never rounded.

    `None` where it is not a time: three digits for an hour, a day that does not exist, words.
    """
    match = _TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match:
        return None
    if match[8] and match[7] is None:  # Go writes +0000 UTC; the name of a zone alone is ambiguous
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    clock = (int(match[4] or 0), int(match[5] or 0), int(match[6] or 0))
    try:
        moment = datetime(year, month, day, *clock, tzinfo=_read_offset(match[7]) or zone)
    except ValueError:
        return None
    return int(moment.timestamp()) if FIRST_YEAR <= year <= LAST_YEAR else None


def _read_offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text.upper() in _UTC_NAMES:
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > len("+00") else 0
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def find_zone(name: str) -> ZoneInfo | None:
    """Find a time zone by its IANA name or by the name that Rails has for it; `None` if there is none."""
    wanted = RAILS_ZONES.get(name, name)
    try:
        return ZoneInfo(wanted) if wanted else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def read_fraction(text: object) -> int:
    """The fraction of a second of a time, in microseconds, which orders events within one second."""
    match = re.search(r":\d{2}[.,](\d{1,6})", text) if isinstance(text, str) else None
    return int(match[1].ljust(6, "0")) if match else 0
