"""What every element is before a style sheet speaks: block, table cell, line break.

It takes the place of WeasyPrint's own sheet for web pages, whose rules for footnotes and list
markers match every element and cost a tenth of the whole layout.
"""

from __future__ import annotations

BASE_CSS = """
html, body, main, section, div, p, h1, h2, h3, h4, ol, li { display: block }
head { display: none }
table {
  display: table; box-sizing: border-box; border-spacing: 0; text-indent: 0;
}
colgroup { display: table-column-group }
col { display: table-column }
thead { display: table-header-group; vertical-align: middle }
tbody { display: table-row-group; vertical-align: middle }
tr { display: table-row; vertical-align: inherit }
td, th { display: table-cell; vertical-align: inherit }
h1, h2, h3, h4, th, strong, b { font-weight: bold }
em, i { font-style: italic }
br::before { content: "\\A"; white-space: pre-line }
svg { overflow: hidden }
"""
"""Only elements that ``render.html`` and the templates of ``signing/appearance`` and
``templates/pengantar`` write."""
