"""TLS certificates of the demo's servers, issued by a certificate authority that is made for one run."""

import ssl

import trustme


def build_server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """The TLS context of a server, with a certificate for some host names and IP addresses."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context
