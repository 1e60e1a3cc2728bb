"""Short labels: statuses, contacts, links."""

from markupsafe import Markup

from constat.i18n import Language
from constat.model import Contact, Standing, Status

Label = str | Markup


def standing_label(standing: Standing, language: Language) -> Label:
    """What a service does, in two or three words."""
    say = language.say
    if standing.reported:
        return say("Problem reported by our team")
    if standing.status is Status.NO_DATA and standing.newest is None:
        return say("Not checked yet")
    return status_label(standing.status, language)


def status_label(status: Status, language: Language) -> Label:
    """A status, in two or three words."""
    say = language.say
    return {
        Status.OPERATIONAL: say("Working"),
        Status.MAINTENANCE: say("Maintenance in progress"),
        Status.DEGRADED: say("Not working normally"),
        Status.OUTAGE: say("Down"),
        Status.NO_DATA: say("Not measured"),
    }[status]


MARKS = {
    Status.OPERATIONAL: "✓",
    Status.MAINTENANCE: "⏸",
    Status.DEGRADED: "▲",
    Status.OUTAGE: "✕",
    Status.NO_DATA: "?",
}


def mark(status: Status) -> str:
    """What stands before the title in a browser's tab."""
    return MARKS[status]


def contact_href(contact: Contact) -> str:
    """The address that a tap on a contact opens, empty where there is none."""
    if contact.channel == "phone":
        return "tel:" + "".join(mark for mark in contact.address if mark.isdigit() or mark == "+")
    if contact.channel == "email":
        return f"mailto:{contact.address}"
    return contact.address if contact.address.startswith("https://") else ""


def contact_label(contact: Contact, language: Language) -> Label:
    """How a contact is shown: a number or an address as it is, a chat by its name."""
    if contact.channel == "chat" and contact_href(contact):
        shown: Label = language.say("Chat")
    else:
        shown = contact.address
    if not contact.region:
        return shown
    return language.say("%(contact)s (%(region)s)", contact=shown, region=region(contact.region, language))


def channel_label(channel: str, language: Language) -> Label:
    """A way to reach support, by its key in `status.yml`."""
    known = {"phone": language.say("Phone"), "email": language.say("E-mail"), "chat": language.say("Chat")}
    return known.get(channel, channel)


def languages(contact: Contact, language: Language) -> Label:
    """The languages that are spoken at a contact."""
    return language.listing(language.name_of(code) for code in contact.languages)


def region(name: str, language: Language) -> Label:
    """A region of the contract, in the reader's language where we know its name."""
    known = {"Europe": language.say("Europe"), "America": language.say("America")}
    return known.get(name, name)


def link_label(name: str, language: Language) -> Label:
    """A link of the footer, by its key in `status.yml`."""
    known = {
        "website": language.say("Website"),
        "privacy": language.say("Privacy"),
        "faq": language.say("Questions and answers"),
        "videos": language.say("Videos"),
        "imprint": language.say("Legal notice"),
    }
    return known.get(name, name)
