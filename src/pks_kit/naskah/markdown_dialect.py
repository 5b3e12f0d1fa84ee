"""The Markdown of templates: CommonMark with tables and definition lists, and little else.

HTML, pictures, code, quotes, automatic links and link definitions are off or refused later with
file and line. Two small rules are ours: a line that holds only an attribute block, and ``<br>``.
"""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.deflist import deflist_plugin

from pks_kit.naskah.attributes import OPENING

_BREAK = re.compile(r"<br ?/?>")
_TAKES_ATTRIBUTES = ("paragraph_open", "heading_open")


class _TemplateMarkdown(MarkdownIt):
    """Links are references between clauses here: nothing to encode, nothing to validate."""

    def normalizeLink(self, url: str) -> str:
        return url

    def validateLink(self, url: str) -> bool:
        return True


def _attribute_line(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    found = OPENING.fullmatch(state.src[begin : state.eMarks[start_line]])
    if not found:
        return False
    if not silent:
        token = state.push("attributes", "", 0)
        token.content = found["body"]
        token.map = [start_line, start_line + 1]
        state.line = start_line + 1
    return True


def _leading_attributes(state: StateCore) -> None:
    """Move an attribute block at the start of a paragraph or heading into the token's meta."""
    for opening, token in zip(state.tokens, state.tokens[1:], strict=False):
        if token.type == "inline" and opening.type in _TAKES_ATTRIBUTES:
            found = OPENING.match(token.content)
            if found:
                token.meta["attributes"] = found["body"]
                token.content = token.content[found.end() :]


def _line_break(state: StateInline, silent: bool) -> bool:
    found = _BREAK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("hardbreak", "br", 0)
        token.markup = "br"
    state.pos = found.end()
    return True


@cache
def template_markdown() -> MarkdownIt:
    """Return the parser; it keeps no state between documents."""
    parser = _TemplateMarkdown("commonmark", {"html": False, "linkify": False})
    parser.enable("table")
    parser.use(deflist_plugin)
    parser.disable(["lheading", "reference", "html_block", "html_inline", "autolink", "text_join"])
    parser.block.ruler.before(
        "table",
        "attribute_line",
        _attribute_line,
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    parser.core.ruler.after("block", "leading_attributes", _leading_attributes)
    parser.inline.ruler.before("escape", "line_break", _line_break)
    return parser
