"""Templates call only functions that exist, also on lines that no scene renders."""

from collections.abc import Iterator

import pytest
from jinja2 import Environment, nodes

from constat.render.site import NAMESPACES
from tests.support.rendered_site import TEMPLATES

PAGES = sorted(path for path in TEMPLATES if path.endswith(".html") and "/" not in path)


def _list_uses(path: str) -> Iterator[tuple[str, str]]:
    """Every use of a name in a namespace: `("days", "build_strip")` for `days.build_strip`."""
    for node in Environment(autoescape=True).parse(TEMPLATES[path].decode()).find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name in NAMESPACES:
            yield node.node.name, node.attr


@pytest.mark.parametrize("path", PAGES)
def test_every_function_that_a_template_calls_exists(path: str) -> None:
    missing = [
        f"{namespace}.{name}"
        for namespace, name in _list_uses(path)
        if not hasattr(NAMESPACES[namespace], name)
    ]
    assert missing == []


def test_templates_use_every_namespace() -> None:
    used = {namespace for path in PAGES for namespace, _ in _list_uses(path)}
    assert used == NAMESPACES.keys()
