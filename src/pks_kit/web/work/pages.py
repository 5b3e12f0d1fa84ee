"""Tasks that show one page, looked at by a guarded child: a file may come from anybody."""

from __future__ import annotations

from pks_kit.pipelines.inside.page_view import PageView
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task


def drawn(shop: Shop, task: Task) -> Done:
    """Return the picture of a page (JPEG) as content."""
    pdf = shop.read(task.isi["berkas"]).content
    asked = PageView(
        page=task.isi["halaman"], dpi=task.isi["dpi"], cover=task.isi.get("tutup", False)
    )
    seen = shop.looks.ask(asked, pdf)
    return Done(hasil={"pages": seen.pages}, content=seen.jpeg)


def told(shop: Shop, task: Task) -> Done:
    """Return what a page says."""
    pdf = shop.read(task.isi["berkas"]).content
    seen = shop.looks.ask(PageView(page=task.isi["halaman"], dpi=0), pdf)
    return Done(hasil={"page": task.isi["halaman"], "pages": seen.pages, "text": seen.words})
