"""Asking a third party about a target: if it does not answer, nothing is known about the target."""

from collections.abc import Iterator
from contextlib import contextmanager

from checks.probing import Context
from checks.reasons import Trouble, translate_error


@contextmanager
def asking(whom: str, context: Context) -> Iterator[None]:
    """Turn trouble with the third party into `unanswered`: it says nothing about the target. `whom`: its name in the reason.

    Raises:
        Trouble: `unanswered`, with what happened; trouble of our own passes unchanged.

    """
    try:
        yield
    except (
        Exception
    ) as error:  # a library may raise anything; an error that no table knows is raised again below
        trouble = translate_error(error, context.deadline.seconds)
        if trouble is None or trouble.is_ours:
            raise
        raise Trouble("unanswered", f"{whom}: {trouble.reason}") from error
