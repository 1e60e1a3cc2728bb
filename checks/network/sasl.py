"""Signing in to mail servers with SASL (RFC 4422): each mechanism as what its client says, in order.

A conversation yields what to send, and is sent the server's answers. If the server speaks first, it yields `None` first.
"""

import base64
import hashlib
import hmac
import secrets
import stringprep
import unicodedata
from collections.abc import Callable, Collection, Generator, Mapping
from typing import NamedTuple

from checks.reasons import Trouble

Conversation = Generator[bytes | None, bytes, None]


class Credentials(NamedTuple):
    """An account, filled in: a password or an access token, and the server that they are for."""

    username: str
    password: str
    token: str
    host: str
    port: int


def _plain(account: Credentials) -> Conversation:
    """PLAIN (RFC 4616)."""
    yield f"\0{account.username}\0{account.password}".encode()


def _login(account: Credentials) -> Conversation:
    """LOGIN, which was never standardised: two questions, however they are worded."""
    yield None
    yield account.username.encode()
    yield account.password.encode()


def _cram_md5(account: Credentials) -> Conversation:
    """CRAM-MD5 (RFC 2195)."""
    challenge = yield None
    digest = hmac.digest(account.password.encode(), challenge, "md5").hex()
    yield f"{account.username} {digest}".encode()


def _scram_sha_256(account: Credentials) -> Conversation:
    """SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding; the server proves that it knows the password too."""
    name = _prepare(account.username).replace("=", "=3D").replace(",", "=2C")
    nonce = secrets.token_urlsafe(18)
    client_first = f"n={name},r={nonce}"
    server_first = yield f"n,,{client_first}".encode()
    challenge = _read_attributes(server_first)
    try:
        salt, rounds = base64.b64decode(challenge["s"], validate=True), int(challenge["i"])
    except (KeyError, ValueError):
        raise Trouble("protocol", "a wrong challenge of SCRAM") from None
    if not challenge.get("r", "").startswith(nonce) or not 0 < rounds <= _MOST_ROUNDS:
        raise Trouble("protocol", "a wrong challenge of SCRAM")
    salted = hashlib.pbkdf2_hmac("sha256", _prepare(account.password).encode(), salt, rounds)
    client_final = f"c=biws,r={challenge['r']}"
    signed = ",".join((client_first, server_first.decode("utf-8", "replace"), client_final)).encode()
    key = hmac.digest(salted, b"Client Key", "sha256")
    signature = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
    proof = bytes(left ^ right for left, right in zip(key, signature, strict=True))
    answer = yield f"{client_final},p={base64.b64encode(proof).decode()}".encode()
    expected = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), signed, "sha256")
    if _read_attributes(answer).get("v") != base64.b64encode(expected).decode():
        raise Trouble("auth", "the server does not know the password")
    yield b""


def _xoauth2(account: Credentials) -> Conversation:
    """XOAUTH2, as Google and Microsoft describe it; a refusal is a challenge, which is answered with nothing."""
    yield f"user={account.username}\1auth=Bearer {account.token}\1\1".encode()
    yield b""


def _oauthbearer(account: Credentials) -> Conversation:
    """OAUTHBEARER (RFC 7628); a refusal is a challenge, which is answered with one octet (3.2.3)."""
    name = account.username.replace("=", "=3D").replace(",", "=2C")
    where = f"host={account.host}\1port={account.port}"
    yield f"n,a={name},\1{where}\1auth=Bearer {account.token}\1\1".encode()
    yield b"\1"


_MOST_ROUNDS = 1_000_000
"""A server that asks for more would keep the probe busy beyond its deadline."""

WITH_PASSWORD: Mapping[str, Callable[[Credentials], Conversation]] = {
    "PLAIN": _plain,
    "LOGIN": _login,
    "SCRAM-SHA-256": _scram_sha_256,
    "CRAM-MD5": _cram_md5,
}
WITH_TOKEN: Mapping[str, Callable[[Credentials], Conversation]] = {
    "OAUTHBEARER": _oauthbearer,
    "XOAUTH2": _xoauth2,
}
"""The mechanisms for each sort of account, in the order in which they are tried."""


def choose(offered: Collection[str], wanted: str | None, account: Credentials, where: str) -> str:
    """Choose a mechanism: the wanted one, or the first of ours that is offered. `where`: what offers it, for the reason.

    Raises:
        Trouble: no acceptable one is offered; unknown if the server offers only mechanisms that we do not speak.

    """
    mechanisms = WITH_TOKEN if account.token else WITH_PASSWORD
    acceptable = (wanted.upper(),) if wanted else tuple(mechanisms)
    chosen = next((name for name in acceptable if name in offered), None)
    if chosen is not None:
        return chosen
    if offered and not wanted:
        raise Trouble("settings", f"{where} offers only {' '.join(sorted(offered))} for signing in")
    raise Trouble("content", f"{where} without AUTH {' or '.join(acceptable[:2])}")


def converse(mechanism: str, account: Credentials) -> Conversation:
    """Begin the conversation of a mechanism."""
    return {**WITH_PASSWORD, **WITH_TOKEN}[mechanism](account)


def reply(conversation: Conversation, challenge: str, first: bytes | None) -> str:
    """Answer a challenge, both in base64. `first`: the answer sent with the command, if nothing was said since.

    A server that ignores what comes with the command asks for it again, with an empty challenge (RFC 4954 4).

    Raises:
        Trouble: there is one challenge too many.

    """
    try:
        question = base64.b64decode(challenge, validate=True)
    except ValueError:
        question = _read_unencoded(challenge)
    if first and not question:
        return encode(first)
    try:
        return encode(conversation.send(question) or b"")
    except StopIteration:
        raise Trouble("protocol", "a challenge after the last answer") from None


def encode(answer: bytes) -> str:
    """Write an answer in base64."""
    return base64.b64encode(answer).decode()


def _read_unencoded(challenge: str) -> bytes:
    """Read a challenge as it is: some servers forget the base64 of LOGIN's questions. Other mechanisms fail on it."""
    return challenge.encode("utf-8", "replace")


def _read_attributes(message: bytes) -> dict[str, str]:
    pairs = (part.partition("=") for part in message.decode("utf-8", "replace").split(","))
    return {name: value for name, _, value in pairs}


def _prepare(text: str) -> str:
    """Prepare a name or a password, so that all of its spellings become the same (SASLprep, RFC 4013 2.1, 2.2)."""
    mapped = (
        " " if stringprep.in_table_c12(letter) else letter
        for letter in text
        if not stringprep.in_table_b1(letter)
    )
    return unicodedata.normalize("NFKC", "".join(mapped))
