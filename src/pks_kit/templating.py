"""Pages from Jinja templates that ship with pks-kit: sandboxed, strict, all text escaped.

Reports are HTML in ``templates/laporan/``: ``dasar.html.j2`` is the frame of every page (no
script, nothing from outside, one style), ``unsur.html.j2`` holds what pages share. A template only
lays out; what it shows is made ready in Python, and its words come from the catalogue.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pks_kit.messages import Message, lookup
from pks_kit.resources import templates_root
from pks_kit.visible_text import one_line, reveal_hidden

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup


def page_environment(folder: Path, **options: Any) -> ImmutableSandboxedEnvironment:
    """Return a fresh environment for HTML templates of one folder.

    A name that nothing defines is an error and every value is escaped; Jinja is loaded only here,
    because most commands write no page.

    Args:
        folder: Where the templates are.
        **options: More options of Jinja's ``Environment``.
    """
    from jinja2 import FileSystemLoader, StrictUndefined

    return _environment_class()(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, **options
    )


@cache
def _environment_class() -> type[ImmutableSandboxedEnvironment]:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Environment(ImmutableSandboxedEnvironment):
        """Jinja's sandbox, which asks once about an attribute of a type and not for each value.

        What it answers follows from type and name alone; asking is half the time of a page.
        """

        def __init__(self, *given: Any, **options: Any) -> None:
            super().__init__(*given, **options)
            self._known: dict[tuple[type, str], bool] = {}

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            asked = (type(obj), attr)
            known = self._known.get(asked)
            if known is None:
                known = self._known[asked] = super().is_safe_attribute(obj, attr, value)
            return known

    return Environment


def report_html(
    template: str,
    language: str,
    area: str,
    reword: Callable[[str], str] = str,
    **values: Any,
) -> str:
    """Return a report as one self-contained page.

    Args:
        template: File in ``templates/laporan``.
        language: ``id`` or ``en``.
        area: Part of the catalogue that ``word("title")`` of the template looks in: ``report``
            gives ``report.title``.
        reword: Says words of the catalogue otherwise, for whoever has no command line.
        **values: What the template shows.
    """

    def word(code: str, **params: object) -> str:
        return reword(lookup(f"{area}.{code}").fill(params).in_language(language))

    def say(message: Message) -> str:
        return reword(message.in_language(language))

    def hint(message: Message) -> str:
        return reword(message.hint_in_language(language))

    page = _report_environment().get_template(template)
    return page.render(language=language, word=word, say=say, hint=hint, **values)


@cache
def _report_environment() -> ImmutableSandboxedEnvironment:
    environment = page_environment(
        templates_root() / "laporan", trim_blocks=True, lstrip_blocks=True, finalize=in_one_line
    )
    environment.filters["base64"] = lambda content: base64.b64encode(content).decode("ascii")
    environment.filters["lines"] = _lines
    return environment


def in_one_line(value: object) -> object:
    """Make visible what hides in names that come from files; HTML of ours passes."""
    return one_line(value) if type(value) is str else value


def _lines(text: str) -> Markup:
    """Return a text of several lines with the breaks of HTML."""
    from markupsafe import Markup

    return Markup("<br>").join(reveal_hidden(line) for line in text.split("\n"))  # join escapes
