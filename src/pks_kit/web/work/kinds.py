"""All kinds of tasks by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pks_kit.web.work import drafting, pages
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task

KINDS: Mapping[str, Callable[[Shop, Task], Done]] = {
    "periksa": drafting.checked,
    "pratinjau": drafting.previewed,
    "perjanjian": drafting.drafted,
    "gambar": pages.drawn,
    "teks": pages.told,
}
