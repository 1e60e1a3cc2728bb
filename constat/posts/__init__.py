"""What was posted, for readers who are not on the page: its permanent names, addresses, words and links."""

from constat.posts.absolute import absolute_links
from constat.posts.outage import OutageMoment, outage_moments
from constat.posts.post import Post, body, edited, posts, published, stands_alone, words_of, words_of_notice
from constat.posts.wording import headline, moment, plain, service_name, span, state_name

__all__ = [
    "OutageMoment",
    "Post",
    "absolute_links",
    "body",
    "edited",
    "headline",
    "moment",
    "outage_moments",
    "plain",
    "posts",
    "published",
    "service_name",
    "span",
    "stands_alone",
    "state_name",
    "words_of",
    "words_of_notice",
]
