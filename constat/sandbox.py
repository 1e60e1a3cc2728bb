"""The sandbox in which a project's own templates run: they may have come with a stranger's pull request.

A template may still write whatever it likes into a page. What it cannot do is reach beyond the data it is given: no attribute of
Python's own machinery, no module that one of ours has imported, and so no environment, no disk and no network.
"""

from types import ModuleType
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


_FORMATTING = frozenset({"format", "format_map"})
"""Methods of a text that read the attributes of what they are given, any of them."""


class SandboxedEnvironment(ImmutableSandboxedEnvironment):
    """Jinja's own sandbox, and no way from one of our modules to those it imports.

    Jinja bounds what `text.format(…)` reads, but not what `Markup.format(text, …)` does, the same method taken from its class.
    """

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401 -- as in Jinja
        """Tell whether a template may see this attribute."""
        if isinstance(value, ModuleType) or (isinstance(obj, type) and attr in _FORMATTING):
            return False
        return super().is_safe_attribute(obj, attr, value)


class SandboxedCache(BytecodeCache):
    """A cache of templates compiled for the sandbox: code compiled outside it may call whatever it likes."""

    def __init__(self, cache: BytecodeCache) -> None:
        self._cache = cache

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The key of a template, never that of the same one outside the sandbox."""
        return super().get_cache_key(f"sandboxed {name}", filename)

    def load_bytecode(self, bucket: "Bucket") -> None:
        """Load what was compiled before, if it was."""
        self._cache.load_bytecode(bucket)

    def dump_bytecode(self, bucket: "Bucket") -> None:
        """Keep what was compiled."""
        self._cache.dump_bytecode(bucket)
