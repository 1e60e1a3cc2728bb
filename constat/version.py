"""The version of Constat, which packaging reads as well, and the optional parts of an installation."""

VERSION = "0.1.0"

EXTRAS = {"apprise": "chat", "rfc3161_client": "stamps", "weasyprint": "pdf"}
"""The libraries that a plain installation lacks, with the extra that installs each."""


def explain_extra(library: str) -> str:
    """Say that an optional library is not installed, and what to type."""
    return (
        f'the library {library} is not installed here; type: pip install "constat-status[{EXTRAS[library]}]"'
    )
