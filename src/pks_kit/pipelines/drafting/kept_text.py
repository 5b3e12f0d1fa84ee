"""What is read of the parts of an agreement, from and to the folder of compiled templates.

What Jinja makes of a template, and the blocks of its text with open values. Only
``pks-kit template compile`` writes, from invented data, and of them nothing is kept.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.naskah.catalogue import TemplateVersion, load_version
from pks_kit.naskah.environment import compiled_code
from pks_kit.naskah.kept_blocks import noted_blocks, row_name, tell_blocks
from pks_kit.naskah.kept_code import code_form, code_key, code_name, tell_code
from pks_kit.resources import templates_root

if TYPE_CHECKING:
    from pks_kit.pipelines.drafting.compiling import Edition
    from pks_kit.render.pdf.flow.store import Store


@lru_cache(maxsize=64)
def recall_text(folder: Path, versi: str, jenis: str) -> None:
    """Read what is kept of the parts of one kind of facility; asked once in a process.

    Where nothing is kept, or nothing of these words, the templates are read as without a folder.

    Args:
        folder: Folder of compiled templates.
        versi: Template version.
        jenis: Kind of facility.

    Raises:
        TemplateError: A file is missing or has a bad head.
    """
    version = load_version(versi, templates_root())
    files = {row_name(part.file) for part in version.parts(jenis)}
    kept = _store(folder).read([*_codes(version, jenis), *files])
    for name, form in kept.items():
        if name in files and isinstance(form, dict):
            tell_blocks(form)
        elif isinstance(form, str):
            tell_code({name: form})


def keep_text(folder: Path, edition: Edition) -> None:
    """Keep what is read of every part of one kind and method, unless it is kept already.

    Raises:
        TemplateError: A file is missing or wrong.
        NotInForceError: A parameter has no value.
        InputError: As :meth:`.store.Store.write`.
    """
    if text_is_kept(folder, edition):
        return
    store = _store(folder)
    codes = _codes(edition.version, edition.jenis)
    with noted_blocks() as noted:
        edition.assemble()
    rows = {row_name(file): forms for file, forms in noted.items()}
    known = store.read([*codes, *rows])
    blocks = {name: {**known.get(name, {}), **forms} for name, forms in rows.items()}
    missing = [name for name in codes if name not in known]
    code = {name: code_form(compiled_code(*codes[name])) for name in missing}
    store.write(code | blocks | {_done(edition): True})


def text_is_kept(folder: Path, edition: Edition) -> bool:
    """Return whether the text of one kind and method is kept as its files are now.

    Raises:
        TemplateError: A file is missing.
    """
    return bool(_store(folder).read([_done(edition)]))


def _done(edition: Edition) -> str:
    return f"edition\n{edition.name}\n{edition.content()}"


def _store(folder: Path) -> Store:
    from pks_kit.render.pdf.flow.store import Store

    return Store(folder, code_key())


def _codes(version: TemplateVersion, jenis: str) -> dict[str, tuple[str, str]]:
    """Return file and text of each part by the name under which its code is kept."""
    read = ((one.file, version.read(one).body) for one in version.parts(jenis))
    return {code_name(file, body): (file, body) for file, body in read}
