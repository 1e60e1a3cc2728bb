"""What was posted, for readers who are not on the page: its permanent names, addresses, words and links."""

from constat.posts.absolute import absolute_links
from constat.posts.outage import OutageMoment, list_outage_moments
from constat.posts.post import (
    Post,
    body,
    edited,
    list_posts,
    published,
    stands_alone,
    words_of,
)
from constat.posts.wording import headline, join_plain_text, moment, span, state_name

__all__ = [
    "OutageMoment",
    "Post",
    "absolute_links",
    "body",
    "edited",
    "headline",
    "join_plain_text",
    "list_outage_moments",
    "list_posts",
    "moment",
    "published",
    "span",
    "stands_alone",
    "state_name",
    "words_of",
]
