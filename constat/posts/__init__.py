"""What was posted, measured and frozen, for readers who are not on the page: names, addresses, words and entries."""

from constat.posts.absolute import absolute_links
from constat.posts.entry import Category, Entry
from constat.posts.notice_entries import build_notice_entry
from constat.posts.outage_entries import build_outage_entry
from constat.posts.outage_moment import OutageMoment, list_outage_moments
from constat.posts.post import Post, body, edited, list_posts, published, stands_alone, words_of
from constat.posts.statement_entries import build_statement_entry, list_frozen_months, statement_id
from constat.posts.wording import headline, join_plain_text, moment, span, state_name

__all__ = [
    "Category",
    "Entry",
    "OutageMoment",
    "Post",
    "absolute_links",
    "body",
    "build_notice_entry",
    "build_outage_entry",
    "build_statement_entry",
    "edited",
    "headline",
    "join_plain_text",
    "list_frozen_months",
    "list_outage_moments",
    "list_posts",
    "moment",
    "published",
    "span",
    "stands_alone",
    "state_name",
    "statement_id",
    "words_of",
]
