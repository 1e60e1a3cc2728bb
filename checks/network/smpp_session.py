"""One SMPP 3.4 session on top of `smpplib`, bounded by the probe's deadline, noted step by step.

`smpplib` writes and reads the PDUs; waiting for the right answer is done here. A message centre may send requests
and messages of its own at any time; they are answered, and not taken for the awaited answer.
"""

import logging
from collections.abc import Callable
from typing import Any

from smpplib import consts, smpp
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as SmppConnectionError
from smpplib.exceptions import PDUError

from checks.network.connection import Connection
from checks.probing import Context
from checks.reasons import Trouble

_HEADER = 16
_LONGEST_PDU = 65_536
_NOT_NOW = 0x64
"""ESME_RX_T_APPN, a temporary error: the centre keeps a message that is not for us, and sends it to its receiver."""
_LOGIN_REFUSALS = frozenset({0x0D, 0x0E, 0x0F})
"""ESME_RBINDFAIL, ESME_RINVPASWD, ESME_RINVSYSID."""

_VENDORS = range(0x00010200, 0x00010300)
"""Commands that a vendor may define for its own clients (5.1.2.1)."""
_PASSED_OVER = frozenset({0x0000000B, 0x00000102, 0x00000103})
"""outbind, alert_notification, data_sm: a centre may send them, and a probe has no use for them."""
_NACK = "generic_nack"

_SILENT = "constat.smpp"
logging.getLogger(_SILENT).disabled = True  # it writes whole PDUs, with the password in them


class _Client(Client):  # type: ignore[misc] # smpplib has no types
    """`smpplib` on one of our connections."""

    def __init__(self, connection: Connection) -> None:
        super().__init__("", 0, logger_name=_SILENT, allow_unknown_opt_params=True)
        self._socket = connection
        self.state = consts.SMPP_CLIENT_STATE_OPEN

    def _recv_exact(self, exact_size: int) -> bytes:
        if exact_size > _LONGEST_PDU or exact_size < 0:
            raise Trouble("protocol", "no SMPP answer")
        return bytes(super()._recv_exact(exact_size))

    def follow(self, pdu: Any) -> None:  # noqa: ANN401 (smpplib has a class for each PDU)
        """Move to the state that a PDU of the centre leads to."""
        if not pdu.is_error() and pdu.command in consts.STATE_SETTERS:
            self.state = consts.STATE_SETTERS[pdu.command]

    def read_raw(self) -> bytes:
        """Read the bytes of one PDU."""
        length = self._recv_exact(4)
        return length + self._recv_exact(int.from_bytes(length) - len(length))

    def send_in_any_state(self, pdu: Any) -> None:  # noqa: ANN401 (smpplib has a class for each PDU)
        """Send a PDU that may be sent before the bind is answered."""
        self._socket.sendall(pdu.generate())

    def release(self) -> None:
        """Let go of the connection, which is closed by whoever opened it."""
        self._socket = None  # type: ignore[assignment] # as smpplib itself does


class SmppSession:
    """The client's side of a session. Each request waits for its own answer."""

    def __init__(self, connection: Connection, context: Context) -> None:
        self._client = _Client(connection)
        self._context = context
        self.on_deliver: Callable[[Any], bool] = lambda _pdu: False
        """Called with every deliver_sm; returns whether it is ours."""

    def close(self) -> None:
        """End our side of the session."""
        self._client.release()

    def request(self, command: str, **fields: Any) -> Any:  # noqa: ANN401 (smpplib has a class for each PDU)
        """Send a request and wait for its answer.

        Raises:
            Trouble: the answer is a refusal, or not SMPP.
            OSError, smpplib's ConnectionError: the connection ended.

        """
        request = smpp.make_pdu(command, client=self._client, **fields)
        self._client.send_pdu(request)
        answer = self.read_pdu()
        while not _is_answer(answer, request.sequence):
            answer = self.read_pdu()
        self._context.note(command, f"status {answer.status:#x}")
        if answer.status:
            login = command.startswith("bind") and answer.status in _LOGIN_REFUSALS
            raise Trouble("auth" if login else "status", f"{answer.status:#x} to {command}")
        if answer.command != f"{command}_resp":
            raise Trouble("protocol", f"{answer.command} to {command}")
        return answer

    def read_pdu(self) -> Any:  # noqa: ANN401 (as above)
        """Read the next PDU, and answer it if it wants an answer."""
        pdu = self._read()
        if pdu.command == "enquire_link":  # some ask before they answer our bind
            answer = smpp.make_pdu("enquire_link_resp", client=self._client, status=0)
            answer.sequence = pdu.sequence
            self._client.send_in_any_state(answer)
        elif pdu.command == "deliver_sm":
            self._answer("deliver_sm_resp", pdu, 0 if self.on_deliver(pdu) else _NOT_NOW)
        elif pdu.command == "unbind":
            self._answer("unbind_resp", pdu, 0)
            raise Trouble("closed", "by unbind")
        return pdu

    def unbind(self) -> None:
        """Say goodbye. The session is over, whatever the gateway answers."""
        try:
            self.request("unbind")
        except (OSError, SmppConnectionError, Trouble) as error:
            self._context.note("unbind", f"no answer ({type(error).__name__})")

    def _read(self) -> Any:  # noqa: ANN401 (as above)
        try:
            raw = self._client.read_raw()
            while _is_passed_over(raw):
                self._context.note("passed over", f"command {int.from_bytes(raw[4:8]):#x}")
                raw = self._client.read_raw()
            pdu = smpp.parse_pdu(raw, client=self._client, allow_unknown_opt_params=True)
            self._client.follow(pdu)
        except (OSError, SmppConnectionError, Trouble):
            raise
        except (
            Exception
        ) as error:  # smpplib does not validate what it reads: a wrong byte may raise any of a dozen errors
            raise Trouble("protocol", "no SMPP answer") from error
        if pdu is None or pdu.length < _HEADER:
            raise Trouble("protocol", "no SMPP answer")
        return pdu

    def _answer(self, command: str, pdu: Any, status: int) -> None:  # noqa: ANN401 (as above)
        answer = smpp.make_pdu(command, client=self._client, status=status)
        answer.sequence = pdu.sequence
        try:
            self._client.send_pdu(answer)
        except PDUError as error:  # smpplib refuses what may not be sent in this state
            raise Trouble("protocol", f"{pdu.command} out of place") from error


def _is_passed_over(raw: bytes) -> bool:
    command = int.from_bytes(raw[4:8])
    return len(raw) >= _HEADER and (command in _VENDORS or command in _PASSED_OVER)


def _is_answer(pdu: Any, sequence: int) -> bool:  # noqa: ANN401 (as above)
    """Whether a PDU answers a request; a centre that cannot read the request refuses it without its number (4.3.1)."""
    if pdu.command == _NACK:
        return pdu.sequence in (sequence, 0)
    return bool(pdu.is_response() and pdu.sequence == sequence)
