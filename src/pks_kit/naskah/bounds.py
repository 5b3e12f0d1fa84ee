"""What a template may spend: steps of loops and the size of every value that it makes.

The sandbox of Jinja keeps a template from what it may not see; it does not keep it from using up
the machine. So that no expression can grow without limit

* every step of a loop is counted (:data:`MAX_STEPS`), also of loops inside loops;
* a value that is kept, joined or added is weighed with everything inside it
  (:data:`MAX_WEIGHT`), so that doubling it again and again ends soon;
* numbers that a filter takes as a length are limited, and values have few methods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from itertools import islice
from typing import Any, cast

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import LoopContext

from pks_kit.naskah.source_text import TemplateFault

MAX_STEPS = 24_000
"""Steps of all loops of one rendering; the largest part of an agreement has some hundreds."""
MAX_WEIGHT = 24_000
"""Letters and items of one value, those inside it counted as often as they would be printed."""
MAX_RANGE = 500
"""Numbers of ``range()``, and groups or rows that ``slice`` and ``batch`` may fill."""
_MAX_BITS = 4096

_METHODS: tuple[tuple[type, frozenset[str]], ...] = (
    (Mapping, frozenset({"get", "items", "keys", "values"})),
    (
        str,
        frozenset(
            {"endswith", "isdigit", "lower", "lstrip", "removeprefix", "removesuffix"}
            | {"rstrip", "startswith", "strip", "title", "upper"}
        ),
    ),
    (list, frozenset({"count", "index"})),
    (tuple, frozenset({"count", "index"})),
    (LoopContext, frozenset({"changed", "cycle"})),
)


def is_plain_method(method: Any) -> bool:
    """Return whether a bound method of a value makes nothing larger than the value."""
    owner, name = getattr(method, "__self__", None), getattr(method, "__name__", "")
    return any(isinstance(owner, kind) and name in names for kind, names in _METHODS)


def limited_range(*bounds: int) -> range:
    """Return the numbers of ``range()`` in a template.

    Raises:
        TemplateFault: ``naskah.range_too_long``.
    """
    numbers = range(*bounds)
    try:
        count = len(numbers)
    except OverflowError:
        count = MAX_RANGE + 1
    if count > MAX_RANGE:
        raise TemplateFault("naskah.range_too_long", limit=MAX_RANGE)
    return numbers


def counted(items: Iterable[Any], spend: Callable[[], None]) -> Iterator[Any]:
    """Return the items of a loop; ``spend`` is called before each."""
    for item in items:
        spend()
        yield item


def weighed(value: Any) -> Any:
    """Return a value that is not too large.

    Raises:
        TemplateFault: ``naskah.value_too_large``.
    """
    left, waiting = MAX_WEIGHT, [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            left -= len(one)
        elif isinstance(one, int) and one.bit_length() > _MAX_BITS:
            left = -1
        elif isinstance(one, Mapping):
            left -= len(one)
            for pair in islice(one.items(), max(left, 0) + 1):
                waiting += pair
        elif isinstance(one, list | tuple | set | frozenset):
            left -= len(one)
            waiting += islice(one, max(left, 0) + 1)
        if left < 0:
            raise TemplateFault("naskah.value_too_large", limit=MAX_WEIGHT)
    return value


def joined(parts: Iterable[Any]) -> str:
    """Return what ``~`` makes of its parts.

    Raises:
        TemplateFault: ``naskah.value_too_large``.
    """
    text = ""
    for part in parts:
        text = weighed(text + str(weighed(part)))
    return text


def added(operator: str, left: Any, right: Any, compute: Callable[[Any, Any], Any]) -> Any:
    """Compute what an operator makes of two values.

    Raises:
        TemplateFault: ``naskah.operator_refused`` where an operator repeats or fills text or lists;
            ``naskah.value_too_large``.
    """
    structured = isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple)
    if operator == "**" or (operator in ("*", "%") and structured):
        raise TemplateFault("naskah.operator_refused", operator=operator)
    return weighed(compute(weighed(left), weighed(right)))


def limited_filters(built_in: dict[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return the filters of Jinja that could make much out of little, each with its limit."""
    limits: dict[str, Callable[..., Any]] = {
        "replace": _replacement,
        "join": _join,
        "batch": _rows,
        "slice": _rows,
    }
    return {name: _limited(built_in[name], check) for name, check in limits.items()}


def _limited(built_in: Callable[..., Any], check: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter whose value and arguments are looked at first.

    Jinja hands some filters its environment or context before the value; ``wraps`` keeps the mark
    that says so.
    """
    before = 1 if hasattr(built_in, "jinja_pass_arg") else 0

    @wraps(built_in)
    def filter_function(*given: Any, **named: Any) -> Any:
        own, (value, *arguments) = given[:before], given[before:]
        return built_in(*own, check(value, *arguments, **named), *arguments, **named)

    return filter_function


def _replacement(
    value: Any, old: Any = "", new: Any = "", count: int | None = None, **_more: Any
) -> Any:
    text, sought, put = str(weighed(value)), str(weighed(old)), str(weighed(new))
    times = text.count(sought) if count is None or count < 0 else min(count, text.count(sought))
    if len(text) + times * (len(put) - len(sought)) > MAX_WEIGHT:
        raise TemplateFault("naskah.value_too_large", limit=MAX_WEIGHT)
    return value


def _join(value: Any, d: Any = "", *_more: Any, **_named: Any) -> Any:
    items = weighed(list(islice(value, MAX_WEIGHT + 1)))
    if len(items) * len(str(weighed(d))) > MAX_WEIGHT:
        raise TemplateFault("naskah.value_too_large", limit=MAX_WEIGHT)
    return items


def _rows(value: Any, number: Any = 1, *_more: Any, **named: Any) -> Any:
    for name in ("slices", "linecount"):
        number = named.get(name, number)
    if not isinstance(number, int) or not 1 <= number <= MAX_RANGE:
        raise TemplateFault("naskah.range_too_long", limit=MAX_RANGE)
    return value


class BoundedCode(CodeGenerator):
    """Jinja's compiler, with a look at every loop and every value that is kept or joined.

    The environment offers ``counted_loop``, ``kept_value`` and ``joined_text``.
    """

    def visit_For(self, node: nodes.For, frame: Frame) -> None:
        """Count the steps."""
        node.iter = _call("counted_loop", cast("nodes.Expr", node.iter))
        super().visit_For(node, frame)

    def visit_Assign(self, node: nodes.Assign, frame: Frame) -> None:
        """Weigh what ``set`` keeps."""
        node.node = _call("kept_value", cast("nodes.Expr", node.node))
        super().visit_Assign(node, frame)

    def visit_With(self, node: nodes.With, frame: Frame) -> None:
        """Weigh what ``with`` keeps."""
        node.values = [_call("kept_value", value) for value in node.values]
        super().visit_With(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        """Weigh what ``~`` joins."""
        self.visit(_call("joined_text", *node.nodes, beside=node), frame)


def _call(name: str, *values: nodes.Expr, beside: nodes.Node | None = None) -> nodes.Call:
    called = nodes.Call(nodes.EnvironmentAttribute(name), list(values), [], None, None)
    at = beside or values[0]
    called.set_lineno(at.lineno, override=True)
    if at.environment is not None:
        called.set_environment(at.environment)
    return called
