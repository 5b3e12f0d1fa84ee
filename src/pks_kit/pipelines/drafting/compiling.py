"""Agreements to compile a template with: every kind and method, made of the invented samples."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, get_args

from pks_kit.domain.edition import LAYOUT
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.sifat_faskes import JenisFaskes
from pks_kit.domain.tanda_tangan import CaraKontrak
from pks_kit.inputs import load_kontrak
from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.naskah.catalogue import TemplateVersion
from pks_kit.naskah.tree import Naskah
from pks_kit.pipelines.drafting.invented import reworded
from pks_kit.pipelines.drafting.issue import look_of
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.resources import contract_samples
from pks_kit.rules.law.parameters import load_parameters

if TYPE_CHECKING:
    from pks_kit.render.html import PartSource
    from pks_kit.render.look import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What a template is compiled for at a time.

    Attributes:
        version: Template version.
        jenis: Kind of facility.
        cara_kontrak: Contract method.
        samples: Invented data of the kind.
    """

    version: TemplateVersion
    jenis: JenisFaskes
    cara_kontrak: CaraKontrak
    samples: tuple[Kontrak, ...]

    @property
    def name(self) -> str:
        """Return what it is called among what is kept."""
        return f"{self.version.manifest.versi}/{self.jenis}/{self.cara_kontrak}"

    def content(self) -> str:
        """Return a hash over template and samples: a compile of other content is none.

        Raises:
            TemplateError: A file of the template is missing.
        """
        digest = hashlib.sha256(self.version.sha256(self.jenis).encode())
        for sample in self.samples:
            digest.update(sample.model_dump_json().encode())
        return digest.hexdigest()

    def css(self) -> str:
        """Return the whole style sheet of its pages.

        Raises:
            RenderError: It cannot be read.
        """
        from pks_kit.render.html_signature import place_css

        own = self.version.asset("style.css").read_text("utf-8")
        return own + place_css(self._look())

    def parts(self) -> Iterator[tuple[tuple[PartSource, ...], tuple[PartSource, ...]]]:
        """Yield the parts of each sample, and the same with other words in every value.

        Raises:
            TemplateError: The template is wrong.
            NotInForceError: A parameter has no value.
        """
        for sample in self.samples:
            yield self._sources(sample), self._sources(reworded(sample))

    def assemble(self) -> None:
        """Assemble each sample, and the same with other words in every value.

        Raises:
            TemplateError: The template is wrong.
            NotInForceError: A parameter has no value.
        """
        for sample in self.samples:
            self._naskah(sample)
            self._naskah(reworded(sample))

    def _sources(self, sample: Kontrak) -> tuple[PartSource, ...]:
        from pks_kit.render.html import part_sources

        return part_sources(self._naskah(sample), self._look())

    def _naskah(self, sample: Kontrak) -> Naskah:
        kontrak = sample.model_copy(
            update={
                "versi_templat": self.version.manifest.versi,
                "cara_kontrak": self.cara_kontrak,
                "faskes": sample.faskes.model_copy(update={"jenis": self.jenis}),
            }
        )
        return assemble_naskah(
            kontrak.versi_templat,
            self.jenis,
            build_context(kontrak, load_parameters().resolve_all(self._as_of())),
            cara_kontrak=self.cara_kontrak,
            nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
            nomor_kedua=kontrak.pihak_kedua.nomor_pks,
            templates_root=self.version.root,
        )

    def _as_of(self) -> date:
        """Return a date of the rules on which the version may be used."""
        day = self.samples[0].jangka_waktu.tanggal_mulai
        last = self.version.manifest.berlaku.selesai
        return day if last is None else min(day, last)

    def _look(self) -> Look:
        return look_of(self._as_of(), LAYOUT)


def editions(version: TemplateVersion) -> Iterator[Edition]:
    """Yield every kind and method of a version.

    A kind without a sample of its own is compiled with that of another kind of its text.
    """
    samples = [load_kontrak(path).kontrak for path in contract_samples()]
    related = (version.manifest.versi, version.manifest.induk)
    ours = [one for one in samples if one.versi_templat == version.manifest.versi]
    ours = ours or [one for one in samples if one.versi_templat in related]
    for jenis in version.kinds():
        own = tuple(one for one in ours if one.faskes.jenis == jenis) or tuple(ours[:1])
        for cara in get_args(CaraKontrak):
            yield Edition(version=version, jenis=jenis, cara_kontrak=cara, samples=own)
