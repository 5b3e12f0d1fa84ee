"""Acts of the peers, each as its own documentation shows it, on the same text and the same files.

What prepares them is not measured, in their favour: HTML, Typst sources and the DOCX template are
made before, keys are loaded before, and the timestamp authority is a process of its own, whose work
counts on neither side.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from cpu import Watch
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper
from road import Signers, day_of, make_sandbox
from timestamp_server import attesting

from pks_kit.inputs import load_kontrak
from pks_kit.naskah.tree import Naskah
from pks_kit.pipelines.draft import prepare
from pks_kit.render.html import document_html, part_sources
from pks_kit.render.html_signature import place_css
from pks_kit.render.pdf.parts import full_css, layout_document
from support.pdf_samples import CSS, LOOK

FIELD = "TTD_PIHAK_KESATU"
PERSON = {"pihak_kesatu": "Nama Uji"}
_OFFICE = "soffice"
_PDFSIG = "pdfsig"


class State:
    """What the worker keeps between acts.

    Args:
        folder: Where it may write.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template: dict[str, str] = {}
        self._keys: dict[tuple[datetime, bool], tuple[Any, Any]] = {}

    @cached_property
    def typst(self) -> Any:
        """Return a compiler that remembers what it laid out."""
        import typst
        from typst_text import font_folders

        return typst.Compiler(
            root=str(self.folder), font_paths=font_folders(), ignore_system_fonts=True
        )

    def key(self, day: datetime, *, curve: bool) -> tuple[Any, Any]:
        """Return a loaded signer and a timestamper of one moment."""
        if (day, curve) not in self._keys:
            sandbox = make_sandbox(day, PERSON, curve=curve)
            identity = asyncio.run(sandbox.signers["pihak_kesatu"].identity(day))
            own = Signers(sandbox=sandbox, clock=lambda: day)
            self._keys[day, curve] = identity.signer, own.timestamps.timestamper()
        return self._keys[day, curve]


def missing(state: State, watch: Watch) -> dict[str, Any]:
    """Return the peers that are not installed, each with what it lacks."""
    lacks = {}
    if shutil.which(_OFFICE) is None:
        lacks["libreoffice"] = "soffice is not installed"
    if shutil.which(_PDFSIG) is None:
        lacks["pdfsig"] = "pdfsig is not installed"
    try:
        import typst  # noqa: F401
    except ImportError:
        lacks["typst"] = "typst is not installed (requirements/bench.txt)"
    return {"missing": lacks}


def _naskah(source: str) -> Naskah:
    return prepare(load_kontrak(Path(source))).naskah


def weasyprint(state: State, watch: Watch, *, source: str) -> dict[str, Any]:
    """Have WeasyPrint make a PDF of the same HTML in one pass; fonts and style are loaded."""
    naskah = _naskah(source)
    html = document_html(one.main() for one in part_sources(naskah, LOOK))
    css = full_css(CSS + place_css(LOOK))
    with watch("weasyprint"):
        document = layout_document(html, css)
        document.write_pdf()
    return {"pages": len(document.pages)}


def typst(state: State, watch: Watch, *, source: str) -> dict[str, Any]:
    """Compile the same text with Typst, a file per bagian, in a compiler that stays."""
    from typst_text import MAIN, sources

    changed = 0
    for name, text in sources(_naskah(source)).items():
        path = state.folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed += 1
    with watch("typst"):
        pdf = state.typst.compile(input=str(state.folder / MAIN), format="pdf", pdf_tags=False)
    return {"bytes": len(pdf), "changed": changed}


def docx_template(state: State, watch: Watch, *, source: str, docx: str) -> dict[str, Any]:
    """Make a docxtpl template of a drafted DOCX: every value of its data becomes a place."""
    values = dict(_values(load_kontrak(Path(source)).kontrak.model_dump(mode="json"), ""))
    known: dict[str, str] = {}
    for place, value in values.items():
        if len(value) > 5 and any(letter.isspace() or letter.isdigit() for letter in value):
            known.setdefault(escape(value), place)
    places = 0
    path = state.folder / "templat.docx"
    with zipfile.ZipFile(docx) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.startswith("word/") and entry.filename.endswith(".xml"):
                text = content.decode("utf-8")
                for value in sorted(known, key=len, reverse=True):
                    places += text.count(f">{value}") + text.count(f" {value}")
                    text = text.replace(value, "{{ " + known[value] + " }}")
                content = text.encode("utf-8")
            new.writestr(entry.filename, content)
    state.template = values
    return {"places": places}


def libreoffice(state: State, watch: Watch, *, sources: list[str]) -> dict[str, Any]:
    """Fill the template by docxtpl for each, then have one LibreOffice make all PDFs."""
    from docxtpl import DocxTemplate

    contexts = [
        state.template | dict(_values(load_kontrak(Path(one)).kontrak.model_dump(mode="json"), ""))
        for one in sources
    ]
    out = state.folder / f"kantor-{Path(sources[0]).stem}"
    out.mkdir()
    with watch("libreoffice"):
        files = []
        for number, context in enumerate(contexts):
            template = DocxTemplate(state.folder / "templat.docx")
            template.render(context, autoescape=True)
            files.append(str(out / f"{number}.docx"))
            template.save(files[-1])
        profile = f"-env:UserInstallation=file://{state.folder}/profil"
        command = [_OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(out)]
        subprocess.run([*command, *files], check=True, capture_output=True)
    made = len(list(out.glob("*.pdf")))
    if made != len(sources):
        raise RuntimeError(f"LibreOffice made {made} PDFs of {len(sources)}")
    return {"batch": made}


def _values(data: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _values(value, f"{place}_{key}" if place else key)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _values(value, f"{place}_{number}")
    elif isinstance(data, str):
        yield place, data


def sign_pdf(
    state: State, watch: Watch, *, source: str, pdf: str, curve: bool, authority: str
) -> dict[str, Any]:
    """Sign the first place with ``sign_pdf`` at the same level; the key is loaded before."""
    moment = day_of(Path(source))
    signer, _ = state.key(moment, curve=curve)
    timestamper = HTTPTimeStamper(attesting(authority, moment))
    with watch("sign_pdf_p256" if curve else "sign_pdf_rsa"):
        content = BytesIO(Path(pdf).read_bytes())
        signers.sign_pdf(
            IncrementalPdfFileWriter(content),
            _asked(FIELD),
            signer=signer,
            timestamper=timestamper,
        )
    return {}


def _asked(field: str) -> signers.PdfSignatureMetadata:
    return signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )


def validate(state: State, watch: Watch, *, source: str, final: str, root: str) -> dict[str, Any]:
    """Validate every signature of a finished file with pyHanko's own call."""
    from pyhanko.keys import load_cert_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    moment = day_of(Path(source))
    anchor = load_cert_from_pemder(root)
    count = 0
    with watch("validate"):
        reader = PdfFileReader(BytesIO(Path(final).read_bytes()))
        for signature in reader.embedded_signatures:
            context = ValidationContext(trust_roots=[anchor], moment=moment)
            status = validate_pdf_signature(signature, context)
            if not (status.intact and status.valid and status.trusted):
                raise RuntimeError(f"pyHanko does not call {signature.field_name} good")
            count += 1
    return {"signatures": count}


def pdfsig(state: State, watch: Watch, *, final: str) -> dict[str, Any]:
    """Have pdfsig look at every signature, certificates left out; a process of its own."""
    with watch("pdfsig"):
        subprocess.run([_PDFSIG, "-nocert", final], check=True, capture_output=True)
    return {}


def small_files(state: State, watch: Watch) -> dict[str, Any]:
    """Make a small PDF without a signature, and one that pyHanko signed."""
    import pikepdf

    day = datetime.now(UTC)
    plain, signed = state.folder / "kecil.pdf", state.folder / "kecil-bertanda.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(plain)
    signer, timestamper = state.key(day, curve=False)
    with signed.open("wb") as out:
        signers.sign_pdf(
            IncrementalPdfFileWriter(BytesIO(plain.read_bytes())),
            _asked("TTD"),
            signer=signer,
            timestamper=timestamper,
            new_field_spec=fields.SigFieldSpec("TTD", box=(60, 60, 240, 120)),
            output=out,
        )
    return {"plain": str(plain), "signed": str(signed)}
