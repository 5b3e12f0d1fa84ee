"""The Jinja environment of templates: sandboxed, strict, and blind for structure in data.

* ``ImmutableSandboxedEnvironment``, ``StrictUndefined``, no loader: a template sees only the values
  it is given and cannot read other files.
* Macros, includes, inheritance and the like are refused: a part is one readable file.
* Every printed value goes to the `ValueStore`; see `pks_kit.naskah.source_text`.
* Loops are limited in depth and steps, the text they make in length, and every value in size; see
  `pks_kit.naskah.bounds`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, TypeVar

from jinja2 import (
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    Undefined,
    nodes,
    pass_context,
)
from jinja2.exceptions import SecurityError, TemplateRuntimeError, UndefinedError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pks_kit.errors import NotInForceError, PksKitError, TemplateError
from pks_kit.naskah.bounds import (
    MAX_STEPS,
    BoundedCode,
    added,
    counted,
    is_plain_method,
    joined,
    limited_filters,
    limited_range,
    weighed,
)
from pks_kit.naskah.filters import template_filters
from pks_kit.naskah.kept_code import code_of
from pks_kit.naskah.line_ends import keep_line_ends
from pks_kit.naskah.printed_values import printed_value
from pks_kit.naskah.signature_places import tanda_tangan, tempat
from pks_kit.naskah.source_text import (
    RESERVED,
    SourceText,
    TemplateFault,
    ValueStore,
    mark_lines,
    read_line_marks,
)

MAX_OUTPUT_CHARACTERS = 2_000_000
MAX_LOOP_DEPTH = 4
_T = TypeVar("_T")
_STORE = "values of this rendering"
"""Key of the value store in the context; with its spaces no template can name it."""

_REFUSED_NODES: tuple[type[nodes.Node], ...] = (
    nodes.Macro,
    nodes.CallBlock,
    nodes.FilterBlock,
    nodes.AssignBlock,
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Extends,
    nodes.Block,
)


@pass_context
def _finalize(context: Context, value: object) -> str:
    store: ValueStore = context.parent[_STORE]
    if isinstance(value, Undefined):
        str(value)  # raises: StrictUndefined knows which name is missing
    printed = printed_value(value)
    store.length += len(printed) if isinstance(printed, str) else 0
    if store.length > MAX_OUTPUT_CHARACTERS:
        raise TemplateFault("naskah.output_too_long", limit=MAX_OUTPUT_CHARACTERS)
    return store.add(printed)


class NaskahEnvironment(ImmutableSandboxedEnvironment):
    """Jinja as templates of pks-kit may use it."""

    intercepted_binops = frozenset({"*", "**", "%", "+", "-", "//"})
    code_generator_class = BoundedCode

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(keep_line_ends(source), name, filename)
        _refuse_constructs(tree)
        for node in tree.find_all(nodes.TemplateData):
            node.data = mark_lines(node.data, node.lineno)
        return tree

    def is_safe_callable(self, obj: Any) -> bool:
        """Allow our own functions, methods of plain values, and nothing else."""
        ours = (tempat, tanda_tangan, limited_range)
        if obj in (*ours, self.counted_loop, self.kept_value, self.joined_text):
            return True
        # Bound methods of values (``rows.items()``); str.format comes wrapped by the sandbox.
        bound = isinstance(obj, types.BuiltinMethodType | types.MethodType)
        return bound and is_plain_method(obj)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply numbers only: ``"x" * 10**9`` is no way to write an agreement."""
        return added(operator, left, right, self.binop_table[operator])

    @staticmethod
    @pass_context
    def counted_loop(context: Context, items: Iterable[Any]) -> Iterator[Any]:
        """Return the items of a loop, each of which is counted; see `BoundedCode`."""
        store: ValueStore = context.parent[_STORE]
        return counted(items, lambda: _spend(store, 1))

    @staticmethod
    @pass_context
    def kept_value(context: Context, value: Any) -> Any:
        """Return a value that the template keeps and that is not too large."""
        _spend(context.parent[_STORE], 1)
        return weighed(value)

    @staticmethod
    def joined_text(*parts: Any) -> str:
        """Return the parts of ``~`` as one text that is not too long."""
        return joined(parts)


def _spend(store: ValueStore, steps: int) -> None:
    store.steps += steps
    if store.steps > MAX_STEPS:
        raise TemplateFault("naskah.too_many_steps", limit=MAX_STEPS)


def _refuse_constructs(tree: nodes.Template) -> None:
    for node in tree.find_all(_REFUSED_NODES):
        name = type(node).__name__
        raise TemplateSyntaxError(f"construct refused: {name}", node.lineno)

    def descend(node: nodes.Node, depth: int) -> None:
        depth += isinstance(node, nodes.For)
        if depth > MAX_LOOP_DEPTH:
            raise TemplateSyntaxError("loops nested too deep", node.lineno)
        for child in node.iter_child_nodes():
            descend(child, depth)

    descend(tree, 0)


@cache
def template_environment() -> NaskahEnvironment:
    """Return the one environment of all templates; it holds no data of any agreement."""
    environment = NaskahEnvironment(
        undefined=StrictUndefined,
        finalize=_finalize,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # nothing is worked out beforehand, so what is made of a template rests on no filter
        optimized=False,
        loader=None,
    )
    built_in = environment.filters | limited_filters(environment.filters)
    environment.filters = template_filters(built_in)
    environment.globals = {
        "tempat": tempat,
        "tanda_tangan": tanda_tangan,
        "range": limited_range,
    }
    return environment


@lru_cache(maxsize=256)
def _compile(file: str, source: str) -> Template:
    environment = template_environment()
    code = code_of(file, source, lambda: compiled_code(file, source))
    return Template.from_code(environment, code, dict(environment.globals))


def compiled_code(file: str, source: str) -> types.CodeType:
    """Return what Jinja makes of a template.

    Raises:
        TemplateSyntaxError: It cannot be read.
    """
    return template_environment().compile(source, name=file, filename=file)


def parse_template(file: str, source: str) -> nodes.Template:
    """Return the syntax tree of a template with line marks in its text (used by lint).

    Raises:
        TemplateError: as `render_template`, for syntax and refused constructs.
    """
    _guarded(file, lambda: _compile(file, source))  # finds unknown filters; parsing does not
    return _guarded(file, lambda: template_environment().parse(source, name=file, filename=file))


def render_template(file: str, source: str, context: Mapping[str, Any]) -> SourceText:
    """Fill a template.

    Args:
        file: Name of the template file relative to the templates folder, for messages.
        source: Text of the file; lines must count as in the file.
        context: Values that the template may name.

    Raises:
        TemplateError: with file and line, for every mistake of the template.
        NotInForceError: when a parameter has no value on the date of the agreement.
    """
    found = RESERVED.search(source)
    if found:
        line = source.count("\n", 0, found.start()) + 1
        raise TemplateError("naskah.reserved_character", file=file, line=line)
    template = _guarded(file, lambda: _compile(file, source))
    values = ValueStore()
    variables = {**context, _STORE: values}
    text = _guarded(file, lambda: _limited_text(template, variables))
    return read_line_marks(file, text, values)


def _limited_text(template: Template, variables: Mapping[str, Any]) -> str:
    pieces: list[str] = []
    length = 0
    for piece in template.generate(variables):
        length += len(piece)
        if length > MAX_OUTPUT_CHARACTERS:
            raise TemplateFault("naskah.output_too_long", limit=MAX_OUTPUT_CHARACTERS)
        pieces.append(piece)
    return "".join(pieces)


def _guarded(file: str, action: Callable[[], _T]) -> _T:
    """Run a step of Jinja; every mistake of the template leaves as `TemplateError`."""
    try:
        return action()
    except TemplateSyntaxError as error:
        reason = error.message or "?"
        raise TemplateError("naskah.syntax", file=file, line=error.lineno, reason=reason) from error
    except (TemplateError, NotInForceError):
        raise
    except PksKitError as error:  # for example a parameter that nobody defined
        raise _failure("naskah.expression_failed", file, error) from error
    except TemplateFault as fault:
        raise fault.at(file, _line_in_template(fault, file)) from fault
    except UndefinedError as error:
        raise _failure("naskah.undefined", file, error) from error
    except (SecurityError, TemplateRuntimeError) as error:
        raise _failure("naskah.refused", file, error) from error
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError) as error:
        raise _failure("naskah.expression_failed", file, error) from error
    except (RecursionError, SyntaxError) as error:  # nested deeper than Python compiles
        raise _failure("naskah.too_deep", file, error) from error


def _failure(code: str, file: str, error: Exception) -> TemplateError:
    reason = str(error) or "?"
    return TemplateError(code, file=file, line=_line_in_template(error, file), reason=reason[:300])


def _line_in_template(error: BaseException, file: str) -> int:
    line = 1
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
