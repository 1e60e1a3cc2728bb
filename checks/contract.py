"""The contract of a kind of check: one module under `checks/kinds/`, with everything that the rest of the program asks of it.

    Options              a frozen dataclass whose fields are types of `constat.config.fields`, each with `about(...)`
    DEFAULTS             keys that a check of this kind may leave out of status.yml, often `Defaults()`
    LIBRARIES            the modules that a probe imports, loaded before time is measured; may be empty
    probe(options, context) -> ProbeResult
    subject(options) -> str
    secret_uses(options) -> tuple[SecretUse, ...]

Importing the module loads no network library, so that building and validating need not pay for it: `probe` imports what
it needs. It makes one attempt within `context.deadline` and never raises for what is wrong with the target. The usual shape:

    def probe(options: Options, context: Context) -> ProbeResult:
        return attempt(context, lambda: _converse(options, context))

where `_converse` raises `Trouble` for what it finds wrong and lets the errors of its library through: the tables in
`checks.reasons` translate them.

Customers read about a kind in the words of `constat.render.kind_words`. `tests/checks/test_kinds_complete.py` names
whatever a kind lacks.
"""

from typing import Any, Protocol, TypeAlias

from checks.probing import Context, ProbeResult
from constat.model.kinds import KindContract, OptionsT


class CheckKind(KindContract[OptionsT], Protocol[OptionsT]):
    """The whole contract, for kinds with these options."""

    LIBRARIES: tuple[str, ...]

    def probe(self, options: OptionsT, context: Context, /) -> ProbeResult:
        """Make one attempt."""


AnyCheckKind: TypeAlias = CheckKind[Any]
"""A kind that was looked up by its name: which options it takes is known only at run time."""
