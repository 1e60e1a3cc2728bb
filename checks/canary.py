"""Canaries: addresses that answer whenever we are online. If all of them fail, we are offline."""

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

from checks.network.connection import connect
from checks.probing import Context, Deadline
from checks.reasons import translate_error
from checks.world import Event, World
from constat.text.host_names import spell_host

PATIENCE_S = 5.0

Knock = Callable[[str, int], bool]
"""Finds out within `PATIENCE_S` whether a host accepts a connection on a port."""

TakeAnswer = Callable[[bool], None]
"""Called with whether we are online."""


def knock(host: str, port: int) -> bool:
    """Whether a connection can be opened; it is closed at once."""
    try:
        with connect(host, port, Context(Deadline(PATIENCE_S), now=0)):
            return True
    except Exception as error:  # a library may raise anything; an error that no table knows is a bug of ours, and raised again
        if translate_error(error, PATIENCE_S) is None:
            raise
        return False


class _Inquiry:
    """One question to all canaries, settled by the first that answers or, if none does, by the last that fails."""

    def __init__(self, count: int, take_answer: TakeAnswer) -> None:
        self._left = count
        self._take_answer: TakeAnswer | None = take_answer

    def note(self, answered: bool) -> None:
        """Note whether one of the canaries answered."""
        self._left -= 1
        if self._take_answer is not None and (answered or not self._left):
            take_answer, self._take_answer = self._take_answer, None
            take_answer(answered)


class Canaries:
    """Finds out whether we are online. Questions that come during an inquiry share the next one."""

    def __init__(self, addresses: Sequence[str], world: World, knock: Knock = knock) -> None:
        parts = [urlsplit(address) for address in addresses]
        self._addresses = [(spell_host(part.hostname or ""), part.port or 0) for part in parts]
        self._world = world
        self._knock = knock
        self._questions: list[TakeAnswer] = []
        self._inquiring = False

    def __bool__(self) -> bool:
        return bool(self._addresses)

    def ask(self, take_answer: TakeAnswer) -> None:
        """Ask whether any canary answers, by an inquiry that begins after this question; without canaries, at once."""
        if not self._addresses:
            take_answer(True)
            return
        self._questions.append(take_answer)
        if not self._inquiring:
            self._begin()

    def _begin(self) -> None:
        self._inquiring = True
        questions, self._questions = self._questions, []
        inquiry = _Inquiry(len(self._addresses), partial(self._end, questions))
        for host, port in self._addresses:
            self._world.start(partial(self._visit, inquiry, host, port))

    def _visit(self, inquiry: _Inquiry, host: str, port: int) -> Event:
        try:
            answered = self._knock(host, port)
        except Exception:  # noqa: BLE001 (a canary that cannot be asked says nothing about the target: not online)
            answered = False
        return partial(inquiry.note, answered)

    def _end(self, questions: Sequence[TakeAnswer], answered: bool) -> None:
        self._inquiring = False
        for take_answer in questions:
            take_answer(answered)
        if self._questions and not self._inquiring:
            self._begin()
