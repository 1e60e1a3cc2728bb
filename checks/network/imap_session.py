"""One IMAP session (RFC 9051, RFC 3501), bounded by the probe's deadline, noted step by step."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.utils import formatdate
from typing import NamedTuple

from checks.network import sasl
from checks.network.account import fill_account
from checks.network.connection import Connection, connect
from checks.network.imap_client import ImapClient, encode_folder, quote
from checks.network.mail_server import ProbedMailServer
from checks.network.smtp_session import start_tls
from checks.network.tls_context import verified_context
from checks.probing import Context
from constat.interval import Instant

MARK = "X-Constat-Probe"
"""The header that marks our messages."""
PORTS = {"plain": 143, "starttls": 143, "tls": 993}
_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0
_KEPT_S = 2 * 86_400
"""No probe waits any longer for a marked message this old, in seconds."""


class Arrival(NamedTuple):
    """Where a message has arrived, and the UIDs that it has there."""

    folder: str
    uids: Sequence[str]


class Mailbox:
    """A session that can watch a folder for a marked message."""

    def __init__(self, client: ImapClient, context: Context) -> None:
        self._client = client
        self._context = context

    def open(self, name: str) -> None:
        """Select a folder."""
        self._select(name)
        self._context.note("SELECT", name)

    def wait_for(self, mark: str, folders: Sequence[str]) -> Arrival:
        """Wait until messages with the mark have arrived in one of the folders, of which the first is selected."""
        pause = _PAUSE_S
        while True:
            for folder in folders:
                if len(folders) > 1:
                    self._select(folder)
                if uids := self._search(mark):
                    self._context.note("arrived", mark if len(folders) == 1 else f"{mark} in {folder}")
                    return Arrival(folder, uids)
            time.sleep(min(pause, self._context.deadline.left()))
            pause = min(pause * 1.5, _LONGEST_PAUSE_S)
            self._client.command("NOOP")

    def tidy(self, folders: Sequence[str], now: Instant, arrival: Arrival) -> None:
        """Delete the message that arrived, from the selected folder, and left-over ones from every folder."""
        self.delete([*arrival.uids, *self._find_left_over(now)])
        for folder in folders:
            if folder != arrival.folder:
                self._select(folder)
                if uids := self._find_left_over(now):
                    self.delete(uids)

    def _select(self, folder: str) -> None:
        self._client.command("SELECT", quote(encode_folder(folder)))

    def _find_left_over(self, now: Instant) -> Sequence[str]:
        """Find the UIDs of marked messages that no probe waits for any longer."""
        day = "-".join(formatdate(now - _KEPT_S, usegmt=True).split()[1:4])
        return self._search("", "BEFORE", day)

    def delete(self, uids: Sequence[str]) -> None:
        """Delete messages by their UIDs.

        A server without UIDPLUS (RFC 4315) also expunges what others have marked as deleted.
        """
        chosen = ",".join(uids)
        self._client.ask_for_capabilities()
        self._client.command("UID", "STORE", chosen, "+FLAGS.SILENT", "(\\Deleted)")
        by_uid = self._client.capabilities & {"UIDPLUS", "IMAP4REV2"}
        self._client.command(*(("UID", "EXPUNGE", chosen) if by_uid else ("EXPUNGE",)))
        self._context.note("EXPUNGE", f"{len(uids)} deleted")

    def _search(self, mark: str, *more: str) -> Sequence[str]:
        answers = self._client.command("UID", "SEARCH", "HEADER", MARK, quote(mark), *more)
        uids: list[bytes] = []
        for answer in answers:
            if answer.upper().startswith(b"SEARCH"):
                uids += answer.split()[1:]
        return [uid.decode("ascii", "replace") for uid in uids]


@contextmanager
def imap_session(server: ProbedMailServer, context: Context) -> Iterator[Mailbox]:
    """Connect, secure the session and sign in as `server` says; LOGOUT at the end, unless something went wrong."""
    port = server.port or PORTS[server.security]
    account, context = fill_account(server, port, context)
    with connect(server.host, port, context) as connection:
        client = _open(server, connection, context)
        if account is not None and not client.signed_in:
            _sign_in(client, server.auth, account, context)
        yield Mailbox(client, context)
        client.log_out()


def _open(server: ProbedMailServer, connection: Connection, context: Context) -> ImapClient:
    """Wait for the greeting of a secured connection."""
    tls = None if server.security == "plain" else verified_context(server.ca, context.root)
    if server.security == "tls" and tls:
        start_tls(connection, context, tls, server.certificate_name)
    client = ImapClient(connection, context)
    client.read_greeting()
    if server.security == "starttls" and tls:
        client.ask_for_tls()
        start_tls(connection, context, tls, server.certificate_name)
    return client


def _sign_in(client: ImapClient, wanted: str | None, account: sasl.Credentials, context: Context) -> None:
    """Sign in with a mechanism of AUTHENTICATE, or with the command LOGIN where that may carry a password."""
    client.ask_for_capabilities()
    offered = {word.removeprefix("AUTH=") for word in client.capabilities if word.startswith("AUTH=")}
    by_command = not account.token and wanted is None and "LOGINDISABLED" not in client.capabilities
    if by_command and "PLAIN" not in offered:
        client.log_in(account.username, account.password)
    else:
        client.authenticate(sasl.choose(offered, wanted, account, "IMAP"), account)
    context.note("sign in", "accepted")
