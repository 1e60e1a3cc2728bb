"""How large the files that we read may be, in bytes: far more than anybody needs, and far less than the memory.

A file that is larger is refused, with its size: it is a mistake, or meant to exhaust the machine that reads it.
"""

from typing import Final

_MIB: Final = 1 << 20

SETTINGS: Final = 4 * _MIB
"""`status.yml`, `corrections.yml`, the ready wordings."""
NOTICE: Final = _MIB
"""A notice: the text of a long novel."""
PICTURE: Final = 32 * _MIB
TEMPLATE: Final = 4 * _MIB
TICKETS: Final = 64 * _MIB
"""A million tickets."""
DAY_FILE: Final = 128 * _MIB
"""Two million rows of one day."""
REGISTER: Final = 64 * _MIB
IMPORTED: Final = 64 * _MIB
"""A file of what another tool measured: half a million runs of samples."""
STATEMENT: Final = 16 * _MIB
DERIVED: Final = 32 * _MIB
STAMP: Final = _MIB >> 4
"""A time stamp, with the certificates of its signer."""
LOG: Final = 64 * _MIB
"""What was sent to subscribers, and the troubles not yet reported to the maintainers."""
NOTE: Final = _MIB
"""What our own processes leave for each other."""
SITE_FILE: Final = 128 * _MIB
"""A file of the site that we built ourselves."""
