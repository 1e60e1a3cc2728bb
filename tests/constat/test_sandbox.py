"""The sandbox of templates: what a stranger's template may see, and that nothing compiled outside it is run inside."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from jinja2 import FileSystemBytecodeCache

from constat.errors import InputError
from constat.render.site import NAMESPACES
from constat.templating import build_environment, fill_template
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import build_render_inputs, build_scene_page, render_index

NAME = "own.html"


def fill(source: str) -> str:
    return fill_template(
        build_environment({NAME: source.encode()}), NAME, {**NAMESPACES, "total": len, "word": "up"}
    )


@pytest.mark.parametrize(
    "source",
    [
        "{{ word.__class__.__mro__[1].__subclasses__() }}",
        "{{ word | map(attribute='__class__') | join }}",
        "{{ (word | attr('__class__')).mro() }}",
        "{{ total.__self__ }}",
        "{{ '{0.__class__.__init__}'.format(word) }}",
        "{{ agreements.Markup.format(agreements.Markup('{0.__globals__}'), shares.escape) }}",
        "{{ agreements.Markup.format_map(agreements.Markup('{word.__globals__}'), {'word': shares.escape}) }}",
        "{{ (agreements.Markup | attr('format'))(agreements.Markup('{0.__globals__}'), shares.escape) }}",
        "{{ labels.Status.format('{0.__globals__}', shares.escape) }}",
        "{{ self.__init__.__globals__ }}",
        "{% set seen = [] %}{{ seen.append(1) }}",
    ],
)
def test_template_cannot_leave_its_data(source: str) -> None:
    with pytest.raises(InputError, match=r"templates/own\.html:1"):
        fill(source)


def imported_modules() -> Iterator[str]:
    for name, module in NAMESPACES.items():
        yield from (f"{name}.{one}" for one, value in vars(module).items() if isinstance(value, ModuleType))


def test_template_cannot_reach_imported_modules() -> None:
    ways = list(imported_modules())
    assert ways, "none of our modules that templates see imports another: this test shows nothing"
    for way in ways:
        with pytest.raises(InputError):
            fill("{{ " + way + ".__name__ }}")
        with pytest.raises(InputError):
            fill("{{ " + way + " }}")


def test_template_compiled_outside_is_not_run_in_the_sandbox(tmp_path: Path) -> None:
    files, cache = {NAME: b"{{ word.format(total) }}"}, FileSystemBytecodeCache(str(tmp_path))
    context = {"word": "{0.__self__}", "total": len}
    ours = build_environment(files, cache, trusted=True)
    assert "builtins" in fill_template(ours, NAME, context)
    with pytest.raises(InputError):
        fill_template(build_environment(files, cache), NAME, context)
    assert "builtins" in fill_template(ours, NAME, context)


def test_own_templates_render_the_same_in_the_sandbox() -> None:
    page = build_scene_page(SCENES["outage"])
    outside = build_render_inputs(page)
    assert render_index(page, outside) == render_index(page, outside._replace(trusted=False))
