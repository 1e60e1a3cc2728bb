"""Which optional pages a project has: a page without content is neither made nor linked."""

from constat.page import Page
from constat.render.kind_words import describe_kind


def has_contacts(page: Page) -> bool:
    """Whether the page knows how customers reach somebody."""
    return bool((page.support and page.support.contacts) or page.settings.links.get("website"))


def has_support(page: Page) -> bool:
    """Whether `status.yml` says anything about support."""
    return page.support is not None


def has_promise(page: Page) -> bool:
    """Whether anything is promised, or was when a month was stated (rule 19: without a target there is no statement)."""
    targets = any(service.rules.target is not None for service in page.services)
    return bool(targets or page.months or (page.support and page.support.levels))


def has_deliverability(page: Page) -> bool:
    """Whether any check is about whether mail arrives."""
    return any(describe_kind(kind).deliverability for kind in page.kinds)
