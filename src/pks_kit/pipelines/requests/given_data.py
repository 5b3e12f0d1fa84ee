"""Read contract data and addenda that a request holds: files of text, mappings, or models."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pks_kit.domain.adendum import Adendum
from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import UsageError
from pks_kit.files import NamedFile
from pks_kit.inputs import LoadedAdendum, LoadedKontrak, parse_adendum, parse_kontrak
from pks_kit.inputs.contract_file import MAXIMUM_BYTES
from pks_kit.inputs.plain_data import NO_TREE, canonical_bytes, read_data
from pks_kit.pipelines.requests.given import Content, read_file

KontrakInput = str | bytes | Path | NamedFile | Mapping[str, object] | Kontrak
"""Contract data: a file of text, or the data as a mapping or model."""

AdendumInput = str | bytes | Path | NamedFile | Mapping[str, object] | Adendum
"""Data of an addendum: a file of text, or the data as a mapping or model."""

_ZIP = b"PK\x03\x04"


def read_kontrak(given: KontrakInput, place: str) -> LoadedKontrak:
    """Return contract data that a request holds.

    Raises:
        UsageError: ``request.path_as_text``, ``request.not_data``.
        InputError: As :func:`read_file`.
        InputProblemsError: ``input.problems`` with everything that is wrong in it.
    """
    if isinstance(given, Mapping | Kontrak):
        kontrak = read_data(Kontrak, given, place)
        content = canonical_bytes(kontrak)
        return LoadedKontrak(
            kontrak=kontrak, source=place, source_bytes=content, tree=lambda: NO_TREE
        )
    read = read_file(given, MAXIMUM_BYTES, place)
    return parse_kontrak(read.content, read.name)


def read_adendum(
    given: AdendumInput, induk: KontrakInput | LoadedKontrak | None, place: str
) -> LoadedAdendum:
    """Return an addendum and the earlier agreement.

    Args:
        given: The addendum.
        induk: Contract data of the earlier agreement, read already or not; None takes the file
            that the addendum names, which lies in its folder.
        place: What messages call the addendum when it has no name.

    Raises:
        UsageError: ``addendum.no_induk`` when neither is known; as :func:`read_kontrak`.
        InputError: As :func:`read_file`, for either file.
        InputProblemsError: ``input.problems`` with everything that is wrong in one of them.
    """
    if isinstance(given, Mapping | Adendum):
        adendum = read_data(Adendum, given, place)
        read, tree = Content(place, place, canonical_bytes(adendum)), NO_TREE
    else:
        read = read_file(given, MAXIMUM_BYTES, place)
        adendum, tree = parse_adendum(read.content, read.name)
    if induk is None:
        if not isinstance(given, Path):
            raise UsageError("addendum.no_induk", file=adendum.perjanjian_induk.berkas)
        induk = given.parent / adendum.perjanjian_induk.berkas
    if not isinstance(induk, LoadedKontrak):
        induk = read_kontrak(induk, f"{place.partition('.')[0]}.induk")
    return LoadedAdendum(
        adendum=adendum,
        induk=induk,
        source=read.name,
        source_bytes=read.content,
        tree=tree,
    )


def is_workbook(given: object) -> bool:
    """Return whether a request holds a workbook, by its name, or by its bytes when it has none."""
    from pks_kit.inputs.workbook_names import is_workbook_name

    if isinstance(given, Path):
        return is_workbook_name(given)
    if isinstance(given, NamedFile):
        return is_workbook_name(Path(given.name)) or given.content.startswith(_ZIP)
    return isinstance(given, bytes) and given.startswith(_ZIP)
