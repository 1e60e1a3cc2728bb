"""Kinds of check that a project brings: their code, loaded and called so that nothing it does takes the watch down.

What is declared of a kind (`constat.config.declared_kinds`) is known without its code. The code must have
the parts of `checks.contract` that probing needs: `Options`, `LIBRARIES` and `probe`. It runs in our process, and only where the caller allows it.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

from checks.confirming import ProbeTarget
from checks.contract import AnyCheckKind
from checks.probing import Context, ProbeResult, attempt
from checks.reason_words import WORDS
from checks.reasons import Trouble
from checks.registry import KINDS, load_kind
from constat.config.declared_kinds import list_written_options
from constat.interval import DAY_S
from constat.model import Outcome

LOADED_WITHIN_S = 10.0
"""Code that takes longer to load is given up: it would delay the start of the watch."""
_LONGEST_MS = DAY_S * 1000
_NEEDED = ("Options", "LIBRARIES", "probe")


class UnfitCodeError(Exception):
    """The code of a kind does not keep to the contract."""


@dataclass(frozen=True, slots=True)
class OwnKind:
    """The loaded code of a kind, or the error with which loading failed."""

    file: str
    module: AnyCheckKind | None = None
    error: BaseException | None = field(default=None, repr=False)

    def probe(self, options: object, context: Context) -> ProbeResult:
        """Make one attempt, with the options that are written in status.yml.

        Raises:
            Exception: whatever its code raises, or raised while it was loaded; the runner reports it as a crash.

        """
        if self.module is None:
            raise self.error or UnfitCodeError(f"{self.file} was not loaded")
        own = self.module.Options(**list_written_options(options))
        return _validate(self.module.probe(own, context), context, self.file)


OwnKinds = Mapping[str, OwnKind]
"""The loaded kinds of a project, by name."""


def load_own_kind(name: str, source: str, path: Path, within_s: float = LOADED_WITHIN_S) -> OwnKind:
    """Load the code of a kind, whatever it does: it may raise, want to exit, or never end."""
    ended: list[OwnKind] = []

    def load() -> None:
        try:
            ended.append(OwnKind(path.name, _load_module(name, source, path)))
        except BaseException as error:  # noqa: BLE001 (even code that wants to exit costs only its own checks)
            ended.append(OwnKind(path.name, error=error))

    thread = Thread(target=load, name=f"load {path.name}", daemon=True)
    thread.start()
    thread.join(within_s)
    late = UnfitCodeError(f"{path.name} did not load within {within_s:g} s")
    return ended[0] if ended else OwnKind(path.name, error=late)


def _load_module(name: str, source: str, path: Path) -> Any:  # noqa: ANN401 (any module: what it must have is checked below)
    """Run the code as a module under a name that no other has. No bytecode is written beside it."""
    module = ModuleType(f"project_checks.{name}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # where dataclasses look for the names in annotations
    exec(compile(source, str(path), "exec"), module.__dict__)  # noqa: S102 (allowed by the caller)
    missing = [name for name in _NEEDED if not hasattr(module, name)]
    if missing:
        raise UnfitCodeError(f"{path.name} has no {missing[0]}")
    for library in module.LIBRARIES:
        import_module(library)
    return module


def _validate(result: object, context: Context, file: str) -> ProbeResult:
    """Validate a result and redact our secrets. A reason that begins with no word of ours gets the word `reported`.

    Raises:
        UnfitCodeError: it is not a result.

    """
    if not isinstance(result, ProbeResult) or not isinstance(result.outcome, Outcome):
        raise UnfitCodeError(f"{file}: probe returned {type(result).__name__}, not a ProbeResult")
    if type(result.latency_ms) is not int or not 0 <= result.latency_ms <= _LONGEST_MS:
        raise UnfitCodeError(f"{file}: the latency is not a whole number of milliseconds, at most a day")
    if not isinstance(result.reason, str):
        raise UnfitCodeError(f"{file}: the reason is not a text")
    reason = result.reason.strip()
    if reason and reason.split()[0] not in WORDS:
        reason = f"reported {reason}"
    return context.result(result.outcome, reason, result.latency_ms)


@dataclass(frozen=True, slots=True)
class OwnProbe:
    """Probes by our kinds and those of a project. `allowed`: the project's loaded kinds; `None` where its code may not run."""

    allowed: OwnKinds | None = None

    def __call__(self, target: ProbeTarget, context: Context) -> ProbeResult:
        """Make one attempt."""
        return self.probe(target.check.kind, target.check.options, context)

    def probe(self, kind: str, options: object, context: Context) -> ProbeResult:
        """Make one attempt by the kind of this name."""
        if kind in KINDS:
            return load_kind(kind).probe(options, context)
        if self.allowed is None:
            return attempt(context, lambda: _refuse(kind))
        return self.allowed[kind].probe(options, context)


def _refuse(kind: str) -> None:
    raise Trouble("program", f"checks/{kind}.py may not be run here: --allow-exec")
