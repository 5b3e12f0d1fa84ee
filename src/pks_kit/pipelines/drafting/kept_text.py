"""What Jinja makes of the parts of an agreement, from and to the folder of compiled templates."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.naskah.catalogue import TemplateVersion, load_version
from pks_kit.naskah.environment import compiled_code
from pks_kit.naskah.kept_code import code_form, code_key, code_name, tell_code
from pks_kit.resources import templates_root

if TYPE_CHECKING:
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
    names = _names(load_version(versi, templates_root()), jenis)
    kept = _store(folder).read(names)
    tell_code({name: form for name, form in kept.items() if isinstance(form, str)})


def keep_text(folder: Path, version: TemplateVersion, jenis: str) -> None:
    """Keep what Jinja makes of every part of one kind of facility.

    Raises:
        TemplateError: A file is missing or has a bad head.
        InputError: As :meth:`.store.Store.write`.
    """
    store = _store(folder)
    names = _names(version, jenis)
    missing = names.keys() - store.read(names).keys()
    if missing:
        store.write({name: code_form(compiled_code(*names[name])) for name in sorted(missing)})


def _store(folder: Path) -> Store:
    from pks_kit.render.pdf.flow.store import Store

    return Store(folder, code_key())


def _names(version: TemplateVersion, jenis: str) -> dict[str, tuple[str, str]]:
    """Return file and text of each part by the name under which its code is kept."""
    read = ((one.file, version.read(one).body) for one in version.parts(jenis))
    return {code_name(file, body): (file, body) for file, body in read}
