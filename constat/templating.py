"""Templates, filled: one environment for pages and messages, and their mistakes as problems with file and line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from constat.errors import InputError, Problem
from constat.text.suggest import did_you_mean

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment, nodes

FOLDER = "templates"
"""The folder of the templates in a project, as problems name it."""

SUFFIXES = (".html", ".txt", ".xml")
"""The files that are templates; those beside them are put into pages as they are."""

_UNDEFINED = re.compile(r"'([^']*)' is undefined")


def build_environment(
    files: Mapping[str, bytes],
    compiled: "BytecodeCache | None" = None,
    *,
    escapes: bool = True,
    trusted: bool = False,
) -> "Environment":
    """Build the environment of templates (`files`, by path below `templates/`); `escapes`: what they fill in is HTML.

    `compiled` caches compiled templates between builds, and does not affect the result. `trusted`: they are all ours, so
    they need no sandbox, which makes a page take a fifth longer.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 -- heavy, and only needed to fill

    def load(name: str) -> tuple[str, str, None] | None:
        if name not in files or not name.endswith(SUFFIXES):
            return None
        return _decode(files[name], f"{FOLDER}/{name}"), f"{FOLDER}/{name}", None

    environment, cache = (Environment, compiled) if trusted else _enter_sandbox(compiled)
    return environment(
        loader=FunctionLoader(load),
        autoescape=escapes,
        bytecode_cache=cache,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _enter_sandbox(compiled: "BytecodeCache | None") -> "tuple[type[Environment], BytecodeCache | None]":
    from constat.sandbox import SandboxedCache, SandboxedEnvironment  # noqa: PLC0415 -- as above

    return SandboxedEnvironment, SandboxedCache(compiled) if compiled else None


def fill_template(environment: "Environment", name: str, context: Mapping[str, Any]) -> str:
    """Fill a template.

    Raises:
        InputError: it does not compile, names what does not exist, or uses it for what it is not.

    """
    from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError  # noqa: PLC0415 -- as above

    try:
        return environment.get_template(name).render(context)
    except TemplateSyntaxError as error:
        raise InputError([_describe(error.filename or name, error.lineno, str(error.message))]) from error
    except UndefinedError as error:
        hint = _suggest(str(error.message), context)
        raise InputError([_describe(*_find_place(error, name), str(error.message), hint)]) from error
    except (TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        message = f"{type(error).__name__}: {error}"
        raise InputError([_describe(*_find_place(error, name), message)]) from error


def _decode(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError([Problem(file, 0, 0, "not UTF-8", "save the file as UTF-8")]) from None


def _describe(file: str, line: int, message: str, hint: str = "") -> Problem:
    return Problem(file, line, 0, message[:300], hint or "docs/theming.md says what a template may use")


def _suggest(message: str, context: Mapping[str, Any]) -> str:
    """Suggest the name that may have been meant by one that is not known."""
    match = _UNDEFINED.search(message)
    return did_you_mean(match[1], context) if match else ""


def _find_place(error: BaseException, name: str) -> tuple[str, int]:
    """The file and the line of the innermost template that an error passed; Jinja gives its frames the template's lines."""
    places = [place for place in _list_places(error.__traceback__) if place[0].startswith(f"{FOLDER}/")]
    return places[-1] if places else (f"{FOLDER}/{name}", 0)


def _list_places(traceback: TracebackType | None) -> Iterator[tuple[str, int]]:
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next


def find_template_problems(files: Mapping[str, bytes], ours: Mapping[str, bytes]) -> Iterator[Problem]:
    """Find what is wrong with a project's own templates before any page is made, also on lines that are rarely rendered.

    `files`: all templates by path below `templates/`; `ours`: those that the program brings, which say which variables
    there are.
    """
    environment = build_environment(files)
    own = tuple(name for name in sorted(files) if name.endswith(SUFFIXES) and files[name] != ours.get(name))
    if not own:
        return
    trees = {}
    for name in own:
        try:
            trees[name] = _parse(environment, files, name)
        except InputError as error:
            yield from error.problems
    known = {*environment.globals, *_list_names(trees.values(), are_set=True)}
    brought = build_environment(ours)
    known.update(_list_names(_parse(brought, ours, name) for name in ours if name.endswith(SUFFIXES)))
    for name, tree in trees.items():
        yield from _find_unknown_names(f"{FOLDER}/{name}", tree, known)


def _parse(environment: "Environment", files: Mapping[str, bytes], name: str) -> "nodes.Template":
    """Parse a template, and see whether it compiles.

    Raises:
        InputError: it does not.

    """
    from jinja2 import TemplateSyntaxError  # noqa: PLC0415 -- as above

    file = f"{FOLDER}/{name}"
    source = _decode(files[name], file)
    try:
        environment.compile(source, name, file)
        return environment.parse(source, name, file)
    except TemplateSyntaxError as error:
        raise InputError([_describe(file, error.lineno, str(error.message))]) from error


def _list_names(trees: "Iterable[nodes.Template]", *, are_set: bool = False) -> Iterator[str]:
    """The names that templates use; or only those that they set themselves, which what they include sees, too."""
    from jinja2 import nodes  # noqa: PLC0415 -- as above

    for tree in trees:
        yield from (node.name for node in tree.find_all(nodes.Name) if not are_set or node.ctx != "load")
        yield from (node.target for node in tree.find_all(nodes.Import))
        yield from (node.name for node in tree.find_all(nodes.Macro))


def _find_unknown_names(file: str, tree: "nodes.Template", known: Iterable[str]) -> Iterator[Problem]:
    from jinja2 import meta, nodes  # noqa: PLC0415 -- as above

    for variable in sorted(meta.find_undeclared_variables(tree) - set(known)):
        line = min(node.lineno for node in tree.find_all(nodes.Name) if node.name == variable)
        yield _describe(file, line, f"'{variable}' is undefined", did_you_mean(variable, known))
