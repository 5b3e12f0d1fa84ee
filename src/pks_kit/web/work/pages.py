"""Tasks that show pages, looked at by a guarded child: a file may come from anybody."""

from __future__ import annotations

from pks_kit.pipelines.inside.page_view import PageView, PageWords
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task


def drawn(shop: Shop, task: Task) -> Done:
    """Return the picture of a page (JPEG) as content."""
    pdf = shop.read(task.isi["berkas"]).content
    asked = PageView(page=task.isi["halaman"], dpi=task.isi["dpi"], cover=task.isi["tutup"])
    return Done(content=shop.looks.ask(asked, pdf).jpeg)


def told(shop: Shop, task: Task) -> Done:
    """Return what some pages say, and how many there are."""
    pdf = shop.read(task.isi["berkas"]).content
    heard = shop.looks.ask(PageWords(first=task.isi["dari"], last=task.isi["sampai"]), pdf)
    return Done(hasil={"pages": heard.pages, "texts": list(heard.words)})
