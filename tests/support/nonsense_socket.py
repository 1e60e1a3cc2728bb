"""A socket in memory whose peer sends nonsense, some of it nearly valid, and a clock that its reads move."""

import base64
import random
import ssl
from collections.abc import Sequence

from checks.network.connection import Connection
from checks.probing import Context, Deadline
from checks.secrets import Secrets


class Clock:
    """A clock that advances only by reading or sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class Babbler:
    """Replaces a connected socket: answers each thing that the client sends, then falls silent or closes.

    A read takes a hundredth of a second.
    """

    def __init__(self, says: Sequence[bytes], clock: Clock, *, then_silent: bool) -> None:
        self._says = list(says)
        self._waiting = self._says.pop(0) if self._says else b""
        self._clock = clock
        self._then_silent = then_silent
        self._timeout = 0.0

    def settimeout(self, seconds: float) -> None:
        self._timeout = seconds

    def recv_into(self, buffer: memoryview | bytearray) -> int:
        self._clock.sleep(0.01)
        piece, self._waiting = self._waiting[: len(buffer)], self._waiting[len(buffer) :]
        if not piece and self._then_silent:
            self._clock.sleep(self._timeout)
            raise TimeoutError
        buffer[: len(piece)] = piece
        return len(piece)

    def sendall(self, _data: bytes) -> None:
        self._waiting += self._says.pop(0) if self._says else b""

    def getsockname(self) -> tuple[str, int]:
        return ("127.0.0.1", 1)

    def shutdown(self, _how: int) -> None:
        """Do nothing: there is no connection to shut down."""

    def close(self) -> None:
        """Do nothing: there is no connection to close."""


class NoTls(Connection):
    """A connection whose handshake always fails: these tests are about what comes before it."""

    def start_tls(self, context: ssl.SSLContext, name: str) -> ssl.SSLSocket:
        """Fail as a handshake with nonsense does."""
        raise ssl.SSLError(1, f"no handshake with {name} {context.minimum_version}")


class Nonsense:
    """Generates what the peer sends: phrases of the protocol, broken and mixed with noise."""

    def __init__(self, seed: int, phrases: Sequence[bytes], secrets: Secrets) -> None:
        self._random = random.Random(seed)  # noqa: S311 (repeatable, not secret)
        values = [value.encode() for value in secrets.values.values()]
        self._echoes = (*values, *map(base64.b64encode, values))
        self._phrases = (*phrases, *self._echoes)
        self._secrets = secrets

    def make_world(self) -> tuple[Clock, Context]:
        """A world with a deadline of one second on its own clock."""
        clock = Clock()
        return clock, Context(Deadline(1.0, clock), now=1_795_508_000, secrets=self._secrets)

    def make_connection(self, clock: Clock, context: Context) -> Connection:
        """A connection to a peer that sends nonsense."""
        says = [self.make_utterance() for _ in range(self._random.randrange(1, 12))]
        babbler = Babbler(says, clock, then_silent=self._random.random() < 0.3)
        return NoTls(babbler, context.deadline)  # type: ignore[arg-type] # as much of a socket as is used

    def make_utterance(self) -> bytes:
        """One thing to send."""
        choose = self._random.random()
        if choose < 0.2:
            return self._random.randbytes(self._random.randrange(60))
        phrase = self._random.choice(self._phrases)
        if choose < 0.7:
            return phrase
        if choose < 0.8:
            return phrase[: self._random.randrange(len(phrase) + 1)]
        if choose < 0.9:
            return phrase + self._random.choice(self._phrases)
        return self.break_bytes(phrase)

    def choose(self, choices: Sequence[str]) -> str:
        """Choose one of some values."""
        return self._random.choice(choices)

    def maybe_break(self, phrase: bytes) -> bytes:
        """A phrase, half of the time with some bytes changed or cut off."""
        choose = self._random.random()
        if choose < 0.5:
            return phrase
        return self.break_bytes(phrase) if choose < 0.9 else phrase[: self._random.randrange(len(phrase))]

    def break_bytes(self, phrase: bytes) -> bytes:
        """A phrase with some bytes changed; a secret is echoed whole or cut, because a changed one is no longer a secret."""
        if any(echo in phrase for echo in self._echoes):
            return phrase
        spoiled = bytearray(phrase)
        for _ in range(min(len(spoiled), self._random.randrange(1, 4))):
            spoiled[self._random.randrange(len(spoiled))] = self._random.randrange(256)
        return bytes(spoiled)
