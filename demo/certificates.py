"""The TLS certificate of the demo's servers, for this machine only; its key is no secret (decision 20)."""

import ssl
from pathlib import Path

AUTHORITY = Path(__file__).parent / "tls" / "authority.pem"
"""The certificate of the authority that the demo's checks trust. It can vouch for 127.0.0.0/8 and localhost only."""
SERVER = AUTHORITY.with_name("server.pem")
"""The servers' key and certificate, for 127.0.0.1 and localhost."""


def build_server_context() -> ssl.SSLContext:
    """Build the TLS context of a server on 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SERVER)
    return context
