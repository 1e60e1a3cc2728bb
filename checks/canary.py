"""Canaries: addresses that are reachable whenever we are online. Where all of them fail, a failure is ours."""

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

from checks.network.connection import connect
from checks.probing import Context, Deadline
from checks.reasons import translate_error
from checks.world import Event, World

PATIENCE_S = 5.0

Knock = Callable[[str, int], bool]
"""Whether a host accepts a connection on a port, found out within `PATIENCE_S`."""

Tell = Callable[[bool], None]


def knock(host: str, port: int) -> bool:
    """Connect and close."""
    try:
        with connect(host, port, Context(Deadline(PATIENCE_S), now=0)):
            return True
    except Exception as error:  # the table decides: what it does not know is a mistake of ours
        if translate_error(error, PATIENCE_S) is None:
            raise
        return False


class _Look:
    """One look at all canaries: the first that answers settles it, or the last that fails."""

    def __init__(self, count: int, tell: Tell) -> None:
        self._left = count
        self._tell: Tell | None = tell

    def told(self, answered: bool) -> None:
        """One canary did or did not answer."""
        self._left -= 1
        if self._tell is not None and (answered or not self._left):
            tell, self._tell = self._tell, None
            tell(answered)


class Canaries:
    """Asks whether we are online. Questions that come while a look is under way share the next one."""

    def __init__(self, addresses: Sequence[str], world: World, knock: Knock = knock) -> None:
        parts = [urlsplit(address) for address in addresses]
        self._addresses = [(part.hostname or "", part.port or 0) for part in parts]
        self._world = world
        self._knock = knock
        self._asking: list[Tell] = []
        self._looking = False

    def __bool__(self) -> bool:
        return bool(self._addresses)

    def ask(self, tell: Tell) -> None:
        """Say whether any canary answers, by a look that begins after this question; without canaries, at once."""
        if not self._addresses:
            tell(True)
            return
        self._asking.append(tell)
        if not self._looking:
            self._begin()

    def _begin(self) -> None:
        self._looking = True
        asking, self._asking = self._asking, []
        look = _Look(len(self._addresses), partial(self._end, asking))
        for host, port in self._addresses:
            self._world.start(partial(self._visit, look, host, port))

    def _visit(self, look: _Look, host: str, port: int) -> Event:
        try:
            answered = self._knock(host, port)
        except Exception:  # noqa: BLE001 (a canary that cannot be asked tells nothing about the target: not online)
            answered = False
        return partial(look.told, answered)

    def _end(self, asking: Sequence[Tell], answered: bool) -> None:
        self._looking = False
        for tell in asking:
            tell(answered)
        if self._asking and not self._looking:
            self._begin()
