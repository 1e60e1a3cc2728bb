"""Short labels: statuses, contacts, links."""

from markupsafe import Markup

from constat.i18n import Language
from constat.model import Contact, Standing, Status
from constat.page import Page

Label = str | Markup


def standing_label(standing: Standing, language: Language) -> Label:
    """The present standing of a service, in two or three words."""
    say = language.say
    if standing.reported:
        return say("Problem reported by our team")
    if standing.status is Status.NO_DATA and standing.unwatched:
        return say("No problem reported")
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


_TITLE_MARKS = {
    Status.OPERATIONAL: "✓",
    Status.MAINTENANCE: "⏸",
    Status.DEGRADED: "▲",
    Status.OUTAGE: "✕",
    Status.NO_DATA: "?",
}


def title_mark(status: Status) -> str:
    """The character before the title in a browser tab."""
    return _TITLE_MARKS[status]


def contact_href(contact: Contact) -> str:
    """The URL that a tap on a contact opens, empty for none."""
    if contact.channel == "phone":
        return "tel:" + "".join(letter for letter in contact.address if letter.isdigit() or letter == "+")
    if contact.channel == "email":
        return f"mailto:{contact.address}"
    return contact.address if contact.address.startswith("https://") else ""


def contact_label(contact: Contact, language: Language) -> Label:
    """A contact as a reader sees it: a number or an address as it is, a chat as "Chat"."""
    if contact.channel == "chat" and contact_href(contact):
        label: Label = language.say("Chat")
    else:
        label = contact.address
    if not contact.region:
        return label
    return language.say(
        "%(contact)s (%(region)s)", contact=label, region=region_label(contact.region, language)
    )


def mark_foreign(page: Page, language: Language) -> Markup:
    """The `lang` attribute of a text that exists only in the page's first language; empty on pages in that language."""
    first = page.settings.languages[0]
    return Markup() if first == language.code else Markup(' lang="{}"').format(first)


def wrap_foreign(text: str, page: Page, language: Language) -> Markup:
    """A text in the page's first language in an element of its own, for the middle of a sentence."""
    return Markup("<span{}>{}</span>").format(mark_foreign(page, language), text)


def channel_label(channel: str, language: Language) -> Label:
    """A channel of support, by its key in `status.yml`; the key itself if it is not one of ours."""
    labels = {"phone": language.say("Phone"), "email": language.say("E-mail"), "chat": language.say("Chat")}
    return labels.get(channel, channel)


def languages_label(contact: Contact, language: Language) -> Label:
    """The languages that a contact speaks."""
    return language.listing(language.name_of(code) for code in contact.languages)


def region_label(name: str, language: Language) -> Label:
    """A region of the contract, in the reader's language if we have a translation."""
    labels = {"Europe": language.say("Europe"), "America": language.say("America")}
    return labels.get(name, name)


def is_late(page: Page) -> bool:
    """Whether the newest data no longer speak of the present (rule 16)."""
    return page.data_end is not None and page.now - page.data_end > page.stale_after_s


def link_label(name: str, language: Language) -> Label:
    """A link of the footer, by its key in `status.yml`; the key itself if it is not one of ours."""
    labels = {
        "website": language.say("Website"),
        "privacy": language.say("Privacy"),
        "faq": language.say("Questions and answers"),
        "videos": language.say("Videos"),
        "imprint": language.say("Legal notice"),
        "contact": language.say("Contact"),
    }
    return labels.get(name, name)
