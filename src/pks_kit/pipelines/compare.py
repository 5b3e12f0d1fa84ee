"""Compare two template versions by the agreements that they make from the same contract data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import NotInForceError
from pks_kit.files import NamedFile
from pks_kit.json_form import HasJsonForm
from pks_kit.naskah.assemble import LabelledNaskah, assemble_labelled
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.diff import VersionDiff, compare
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameters import ParameterSet, load_parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRequest:
    """What to compare.

    Attributes:
        kontrak: Contract data that both versions are filled with.
        versi_lama: Old template version.
        versi_baru: New template version.
        as_of_lama: Date of the parameters for the old version; None means that of the new one.
        as_of_baru: Date of the parameters for the new version; None means the first day on which
            both versions have begun.
        parameters: Where to look for parameters; None means the packaged ones.
    """

    kontrak: Kontrak
    versi_lama: str
    versi_baru: str
    as_of_lama: date | None = None
    as_of_baru: date | None = None
    parameters: ParameterSet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedVersions(VersionDiff):
    """Two template versions compared as one facility would sign them.

    Attributes:
        facility_kind: Kind of facility.
        old_as_of: Date of the parameters of the old agreement.
        new_as_of: Date of the parameters of the new agreement.
    """

    facility_kind: str
    old_as_of: date
    new_as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareResult(HasJsonForm):
    """The comparison and what it was made with.

    Attributes:
        diff: The comparison.
        nama_lama: Name of the old version for people.
        nama_baru: Name of the new version for people.
        as_of_lama: Date of the parameters of the old agreement.
        as_of_baru: Date of the parameters of the new agreement.
        jenis_faskes: Kind of facility.
    """

    diff: VersionDiff
    nama_lama: str
    nama_baru: str
    as_of_lama: date
    as_of_baru: date
    jenis_faskes: str

    def page(self, language: str) -> NamedFile:
        """Return the comparison as one HTML page that shows both side by side.

        Args:
            language: ``id`` or ``en``.
        """
        from pks_kit.render.report.diff import DiffPage, diff_html

        page = DiffPage(
            diff=self.diff,
            nama_lama=self.nama_lama,
            nama_baru=self.nama_baru,
            as_of_lama=self.as_of_lama,
            as_of_baru=self.as_of_baru,
            language=language,
        )
        return NamedFile("perbandingan-templat.html", diff_html(page).encode())

    def json_form(self) -> ComparedVersions:
        """Return the comparison with what it was made with."""
        return ComparedVersions(
            versi_lama=self.diff.versi_lama,
            versi_baru=self.diff.versi_baru,
            parts=self.diff.parts,
            facility_kind=self.jenis_faskes,
            old_as_of=self.as_of_lama,
            new_as_of=self.as_of_baru,
        )


def compare_versions(request: CompareRequest) -> CompareResult:
    """Fill two template versions with the same data and classify every clause.

    Raises:
        InputError: ``naskah.unknown_version``.
        TemplateError: A template of one of them is wrong.
        NotInForceError: A parameter has no value on one of the dates.
    """
    root = templates_root()
    old = load_version(request.versi_lama, root).manifest
    new = load_version(request.versi_baru, root).manifest
    as_of_new = request.as_of_baru or max(old.berlaku.mulai, new.berlaku.mulai)
    as_of_old = request.as_of_lama or as_of_new
    filler = _Filler(request.kontrak, request.parameters or load_parameters())
    same_date = as_of_old == as_of_new
    diff = compare(
        filler.fill(request.versi_lama, as_of_old),
        filler.fill(request.versi_baru, as_of_new),
        new_with_old_values=None if same_date else filler.cross(request.versi_baru, as_of_old),
        old_with_new_values=None if same_date else filler.cross(request.versi_lama, as_of_new),
    )
    return CompareResult(
        diff=diff,
        nama_lama=old.nama,
        nama_baru=new.nama,
        as_of_lama=as_of_old,
        as_of_baru=as_of_new,
        jenis_faskes=request.kontrak.faskes.jenis,
    )


class _Filler:
    """Fills versions with one contract; the context of a date is made once."""

    def __init__(self, kontrak: Kontrak, parameters: ParameterSet) -> None:
        self._kontrak = kontrak
        self._parameters = parameters
        self._contexts: dict[date, Mapping[str, Any]] = {}

    def fill(self, versi: str, as_of: date) -> LabelledNaskah:
        if as_of not in self._contexts:
            aturan = self._parameters.resolve_all(as_of)
            self._contexts[as_of] = build_context(self._kontrak, aturan)
        return assemble_labelled(
            versi,
            self._kontrak.faskes.jenis,
            self._contexts[as_of],
            cara_kontrak=self._kontrak.cara_kontrak,
            nomor_kesatu=self._kontrak.pihak_kesatu.nomor_pks,
            nomor_kedua=self._kontrak.pihak_kedua.nomor_pks,
            templates_root=templates_root(),
        )

    def cross(self, versi: str, as_of: date) -> LabelledNaskah | None:
        """Fill a version with values of the other one's date, which may not know all of them."""
        try:
            return self.fill(versi, as_of)
        except NotInForceError:
            return None
