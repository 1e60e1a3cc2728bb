"""Texts of notices: Kuma shows Markdown with HTML; ours hold no HTML, no comments and no picture from elsewhere."""

from constat.moving.mail_addresses import KEPT, describe_addresses
from constat.moving.model import Finding
from constat.moving.old_links import LinkContext, fit_links
from constat.moving.prose import to_markdown


def bring_text(source: object, base_url: str, place: str, findings: list[Finding]) -> str:
    """Turn the text of a notice into our Markdown; `base_url`: the base of relative links, empty if not known."""
    prose = to_markdown(str(source or ""))
    linked = fit_links(prose.text, LinkContext(base_url, lambda _target: None))
    findings += [
        Finding(place, f"a comment: {words}", "left out, as on the old page") for words in prose.comments
    ]
    findings += [Finding(place, f"the tag <{name}>", "removed; its text stays") for name in prose.dropped]
    findings += [Finding(place, found, done) for found, done in linked.notes]
    if found := describe_addresses([linked.text]):
        findings.append(Finding(place, found, KEPT))
    return linked.text
