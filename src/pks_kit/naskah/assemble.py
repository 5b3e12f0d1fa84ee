"""Template version and contract data -> the whole agreement as a `Naskah` tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pks_kit.errors import TemplateError
from pks_kit.naskah.blocks import read_blocks
from pks_kit.naskah.building import build_part
from pks_kit.naskah.catalogue import PartFile, PartReader, load_version
from pks_kit.naskah.environment import render_template
from pks_kit.naskah.front_matter import FrontMatter
from pks_kit.naskah.manifest import VersionManifest
from pks_kit.naskah.numbering import NumberedPart, number_part
from pks_kit.naskah.open_parts import NotOpen, open_part, open_trees
from pks_kit.naskah.parsed import ParsedPart, ParsedSignatures, walk_parsed
from pks_kit.naskah.printed_values import one_line
from pks_kit.naskah.provenance import provenance_problems
from pks_kit.naskah.references import ReferenceIndex
from pks_kit.naskah.source_text import Printed, SourceText
from pks_kit.naskah.tree import Bagian, BlokTandaTangan, Naskah


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledNaskah:
    """An agreement with the names that its authors gave to clauses.

    Attributes:
        naskah: The tree.
        labels: Address of a clause to its label, for example ``pasal_4__ayat_1`` to
            ``hak-kesatu``. A label lasts over the years, an address does not.
    """

    naskah: Naskah
    labels: Mapping[str, str]


def assemble_naskah(
    versi: str,
    jenis_faskes: str,
    context: Mapping[str, Any],
    *,
    cara_kontrak: str,
    nomor_kesatu: str,
    nomor_kedua: str,
    templates_root: Path,
) -> Naskah:
    """Assemble the agreement of one facility.

    Args:
        versi: Template version id, for example ``pks_2024``.
        jenis_faskes: Kind of facility; picks the edition of each lampiran.
        context: Values that templates may name (``docs/templates.md``, chapter Values).
            ``nama_perjanjian`` and ``Perjanjian`` are added when missing.
        cara_kontrak: ``elektronik``, ``digital`` or ``manual``.
        nomor_kesatu: PKS number of PIHAK KESATU as printed.
        nomor_kedua: PKS number of PIHAK KEDUA as printed.
        templates_root: Folder that holds the versions and the lampiran.

    Returns:
        The numbered tree with all references resolved.

    Raises:
        InputError: ``naskah.unknown_version``.
        TemplateError: for every mistake of a template, with file and line.
        NotInForceError: when a parameter has no value in force.
    """
    return assemble_labelled(
        versi,
        jenis_faskes,
        context,
        cara_kontrak=cara_kontrak,
        nomor_kesatu=nomor_kesatu,
        nomor_kedua=nomor_kedua,
        templates_root=templates_root,
    ).naskah


def assemble_labelled(
    versi: str,
    jenis_faskes: str,
    context: Mapping[str, Any],
    *,
    cara_kontrak: str,
    nomor_kesatu: str,
    nomor_kedua: str,
    templates_root: Path,
) -> LabelledNaskah:
    """Assemble as `assemble_naskah`, keeping the labels of the clauses (for comparing versions)."""
    version = load_version(versi, templates_root)
    values = with_names(version.manifest, context)
    sources = [filled_source(version, part, values) for part in version.parts(jenis_faskes)]
    parts = assemble_parts(version, sources)
    naskah = Naskah(
        judul=document_title(version.manifest, values),
        nama_perjanjian=str(values["nama_perjanjian"]),
        sebutan=one_line(str(values["Perjanjian"])),
        nomor_kesatu=one_line(nomor_kesatu),
        nomor_kedua=one_line(nomor_kedua),
        cara_kontrak=cara_kontrak,
        versi_templat=versi,
        bagian=parts.bagian,
    )
    return LabelledNaskah(naskah=naskah, labels=parts.labels())


@dataclass(frozen=True, slots=True, kw_only=True)
class AssembledParts:
    """The parts of a document.

    Attributes:
        bagian: The parts in order.
        numbered: The same with the places of their clauses.
    """

    bagian: tuple[Bagian, ...]
    numbered: tuple[NumberedPart, ...]

    def labels(self) -> dict[str, str]:
        """Return the labels of clauses by their addresses; see :class:`LabelledNaskah`."""
        return {
            place.alamat: node.label
            for part in self.numbered
            for node, place in part.places.items()
            if node.label and place.alamat
        }


def assemble_parts(reader: PartReader, sources: Sequence[PartSource]) -> AssembledParts:
    """Read, number and build the parts of a document.

    Args:
        reader: What holds the parts.
        sources: Those to assemble, in order.

    Raises:
        TemplateError: for every mistake of a template, with file and line.
    """
    try:
        return _from_open_parts(reader, sources)
    except (NotOpen, TemplateError):
        # With its values in it the text can be read too, and a mistake in it is said in full.
        return _from_text(reader, sources)


def _from_open_parts(reader: PartReader, sources: Sequence[PartSource]) -> AssembledParts:
    def check(parsed: ParsedPart) -> None:
        refuse_provenance(reader, parsed)

    opened = tuple(open_part(one.part, one.head, one.source, check) for one in sources)
    check_signature_codes(
        (source.part, line, one.values[number])
        for source, one in zip(sources, opened, strict=True)
        for number, line in one.part.signatures
    )
    parts = tuple(one.part for one in opened)
    return AssembledParts(
        bagian=tuple(
            tree.filled(one.values, one.rows)
            for tree, one in zip(open_trees(parts), opened, strict=True)
        ),
        numbered=tuple(one.numbered for one in parts),
    )


def _from_text(reader: PartReader, sources: Sequence[PartSource]) -> AssembledParts:
    parsed = [read_source(reader, one) for one in sources]
    check_signature_codes(signatures_of(parsed))
    numbered = tuple(number_part(part) for part in parsed)
    references = ReferenceIndex(numbered)
    bagian = tuple(build_part(part, references) for part in numbered)
    return AssembledParts(bagian=bagian, numbered=numbered)


def with_names(manifest: VersionManifest, context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context with the agreement's name (the caller's wins) and the features.

    A word for running text in the manifest wins.
    """
    names = {"Perjanjian": "Perjanjian"}
    if manifest.nama_perjanjian:
        names["nama_perjanjian"] = manifest.nama_perjanjian.bawaan
    word = {"Perjanjian": manifest.sebutan} if manifest.sebutan else {}
    return {**names, **context, **word, "fitur": dict(manifest.fitur)}


def document_title(manifest: VersionManifest, values: Mapping[str, Any]) -> str:
    """Return the title for metadata: name of the agreement and both parties, one line.

    Without the display names of the parties the name of the version takes their place.
    """
    parties = [_display_name(values.get(key)) for key in ("pihak_kesatu", "pihak_kedua")]
    rest = f"antara {parties[0]} dan {parties[1]}" if all(parties) else f"({manifest.nama})"
    return one_line(f"{values['nama_perjanjian']} {rest}")


def _display_name(party: Any) -> str:
    name = party.get("nama_tampil") if isinstance(party, Mapping) else None
    return str(name or getattr(party, "nama_tampil", "") or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSource:
    """A part whose template has been filled.

    Attributes:
        part: Which one.
        head: Its head, as this agreement words it.
        source: Its text.
    """

    part: PartFile
    head: FrontMatter
    source: SourceText


def filled_source(reader: PartReader, part: PartFile, values: Mapping[str, Any]) -> PartSource:
    """Read and fill one part.

    Raises:
        TemplateError: with file and line.
    """
    template = reader.read(part)
    check_head(part, template.head)
    source = render_template(part.file, template.body, values)
    head = with_running_word(template.head, str(values["Perjanjian"]))
    return PartSource(part=part, head=head, source=source)


def read_source(reader: PartReader, source: PartSource) -> ParsedPart:
    """Read the Markdown of a filled part.

    Raises:
        TemplateError: with file and line.
    """
    blocks = read_blocks(source.source, headings=source.part.jenis == "lampiran")
    if not blocks:
        raise TemplateError("naskah.empty_part", file=source.part.file, line=1)
    parsed = ParsedPart(part=source.part, head=source.head, isi=blocks)
    refuse_provenance(reader, parsed)
    return parsed


def parse_part(reader: PartReader, part: PartFile, values: Mapping[str, Any]) -> ParsedPart:
    """Read, fill and parse one part.

    Raises:
        TemplateError: with file and line.
    """
    return read_source(reader, filled_source(reader, part, values))


def refuse_provenance(reader: PartReader, parsed: ParsedPart) -> None:
    """Refuse a part with a missing or unknown provenance word.

    Raises:
        TemplateError: The first one, with file and line.
    """
    for problem in provenance_problems(parsed, reader.sumber):
        raise problem


@lru_cache(maxsize=256)
def with_running_word(head: FrontMatter, word: str) -> FrontMatter:
    """Return the head with another word for ``Perjanjian`` in its title (``Akad Ijarah``).

    A title that names the agreement in another way has ``judul_lain`` for this.
    """
    if word == "Perjanjian":
        return head
    judul = (head.judul_lain or head.judul).replace("Perjanjian", word)
    return head.model_copy(update={"judul": judul})


def check_head(part: PartFile, head: FrontMatter) -> None:
    """Refuse a pasal or lampiran without title, and landscape outside lampiran.

    Raises:
        TemplateError: ``naskah.no_title`` or ``naskah.landscape``.
    """
    if part.jenis in ("pasal", "lampiran") and not head.judul.strip():
        raise TemplateError("naskah.no_title", file=part.file, line=1)
    if part.jenis != "lampiran" and head.orientasi != "tegak":
        raise TemplateError("naskah.landscape", file=part.file, line=1)


def signatures_of(parts: Iterable[ParsedPart]) -> Iterator[tuple[PartFile, int, Printed]]:
    """Yield the signature blocks of parts with the file and line that they stand in."""
    for parsed in parts:
        for node in walk_parsed(parsed.isi):
            if isinstance(node, ParsedSignatures):
                yield parsed.part, node.line, node.blok


def check_signature_codes(signatures: Iterable[tuple[PartFile, int, Printed]]) -> None:
    """Refuse two signature places with one code: the PDF field names come from it.

    Args:
        signatures: As :func:`signatures_of` yields them.

    Raises:
        TemplateError: ``naskah.signature_twice`` at the second place.
    """
    seen: dict[str, str] = {}
    for part, line, blok in signatures:
        if not isinstance(blok, BlokTandaTangan):
            continue
        for tempat in blok.tempat:
            if tempat.kode in seen:
                raise TemplateError(
                    "naskah.signature_twice",
                    file=part.file,
                    line=line,
                    kode=tempat.kode,
                    other=seen[tempat.kode],
                )
            seen[tempat.kode] = f"{part.file}:{line}"
