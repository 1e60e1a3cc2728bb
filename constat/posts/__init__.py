"""Posts, outages and statements for readers who are not on the page: permanent names, addresses, wording, entries."""

from constat.posts.absolute import make_links_absolute
from constat.posts.entry import Category, Entry
from constat.posts.notice_entries import build_notice_entry
from constat.posts.outage_entries import build_outage_entry
from constat.posts.outage_moment import OutageMoment, list_outage_moments
from constat.posts.post import (
    Post,
    choose_words,
    compose_body,
    find_edit_time,
    find_publication_time,
    is_announced_apart,
    list_posts,
)
from constat.posts.statement_entries import build_statement_entry, list_frozen_months, statement_id
from constat.posts.wording import compose_headline, format_moment, format_span, join_plain_text, name_state

__all__ = [
    "Category",
    "Entry",
    "OutageMoment",
    "Post",
    "build_notice_entry",
    "build_outage_entry",
    "build_statement_entry",
    "choose_words",
    "compose_body",
    "compose_headline",
    "find_edit_time",
    "find_publication_time",
    "format_moment",
    "format_span",
    "is_announced_apart",
    "join_plain_text",
    "list_frozen_months",
    "list_outage_moments",
    "list_posts",
    "make_links_absolute",
    "name_state",
    "statement_id",
]
