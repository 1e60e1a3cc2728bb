"""Asking somebody else about a target: whoever does not answer has said nothing about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from checks.probing import Context
from checks.reasons import Trouble, translate_error


@contextmanager
def asking(whom: str, context: Context) -> Iterator[None]:
    """Turn trouble with `whom`, in our own words, into trouble of ours: what is asked about may be well or not.

    Raises:
        Trouble: `unanswered`, with what happened; or what was ours anyway, as it was.

    """
    try:
        yield
    except Exception as error:  # a library may raise anything; what no table knows is raised again below
        trouble = translate_error(error, context.deadline.seconds)
        if trouble is None or trouble.is_ours:
            raise
        raise Trouble("unanswered", f"{whom}: {trouble.reason}") from error
