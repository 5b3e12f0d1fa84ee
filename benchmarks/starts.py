"""CPU seconds of commands that start cold, each the median of some runs in processes of their own.

Named alternatives of the same run: importing pyHanko's validation and nothing else, and a draft
whose every page WeasyPrint makes. ``constant kept`` reads what ``pks-kit template compile`` would
keep of one kind; ``all kept`` also the values of this very agreement, as if nothing had to be laid
out: what drafting costs beside layout.

Usage: ``python benchmarks/starts.py [RUNS]``.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf

from pks_kit.naskah.catalogue import load_version
from pks_kit.pipelines.drafting.compiling import editions
from pks_kit.render.pdf.flow.compiling import Compiler
from pks_kit.resources import samples_root, templates_root

SAMPLE = "klinik-pratama-rawat-inap.yml"
RATIOS = (
    ("draft, constant kept", "draft --reference"),
    ("draft, all kept", "draft --reference"),
    ("verify, unsigned", "import pyhanko.sign.validation"),
    ("verify, signed", "import pyhanko.sign.validation"),
)


def compiled(folder: Path, *, with_values: bool) -> None:
    """Keep one kind and method, and when asked for also what holds values."""
    version = load_version("pks_2024", templates_root())
    edition = next(
        one
        for one in editions(version)
        if (one.jenis, one.cara_kontrak) == ("klinik_pratama", "elektronik")
    )
    compiler = Compiler(edition.css(), folder)
    for sources, others in edition.parts():
        compiler.add(sources, sources if with_values else others)
    compiler.keep(edition.name, edition.content())


def seconds(command: list[str], cache: str, runs: int) -> float:
    """Return the median of user and system seconds of a command and its children."""
    spent = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            env=os.environ | {"PKS_KIT_CACHE": cache},
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent)


def signed_and_unsigned(folder: Path) -> tuple[Path, Path, Path]:
    """Return a small signed file, the root of its certificates, and a small unsigned file."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    from pks_kit.signing.sandbox.authority import create_sandbox

    signed, root, unsigned = (folder / one for one in ("signed.pdf", "root.pem", "unsigned.pdf"))
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(unsigned)
    now = datetime.now(UTC)
    sandbox = create_sandbox(now, {"pihak_kesatu": "Nama Uji"})
    root.write_bytes(sandbox.root_pem)
    identity: Any = asyncio.run(sandbox.signers["pihak_kesatu"].identity(now))
    with unsigned.open("rb") as stream, signed.open("wb") as target:
        signers.sign_pdf(
            IncrementalPdfFileWriter(stream),
            signers.PdfSignatureMetadata(field_name="TTD", md_algorithm="sha256"),
            signer=getattr(identity, "signer", identity),
            output=target,
        )
    return signed, root, unsigned


def main() -> None:
    """Print a table and the ratios."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    python, kit = sys.executable, [sys.executable, "-m", "pks_kit.cli.main"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compiled(folder / "constant", with_values=False)
        compiled(folder / "all", with_values=True)
        signed, root, unsigned = signed_and_unsigned(folder)
        draft = [*kit, "draft", str(samples_root() / SAMPLE), "--format", "pdf", "--force"]
        draft += ["-o", str(folder / "out")]
        tasks: dict[str, tuple[list[str], str]] = {
            "python": ([python, "-c", ""], ""),
            "import pks_kit": ([python, "-c", "import pks_kit"], ""),
            "--help": ([*kit, "--help"], ""),
            "import pyhanko.sign.validation": (
                [python, "-c", "import pyhanko.sign.validation"],
                "",
            ),
            "verify, unsigned": ([*kit, "verify", str(unsigned)], ""),
            "verify, signed": ([*kit, "verify", str(signed), "--trust", str(root)], ""),
            "draft --reference": ([*draft, "--reference"], ""),
            "draft, nothing kept": (draft, ""),
            "draft, constant kept": (draft, str(folder / "constant")),
            "draft, all kept": (draft, str(folder / "all")),
        }
        found = {}
        for task, (command, cache) in tasks.items():
            found[task] = seconds(command, cache, runs)
            print(f"{task:<34}{found[task]:>8.3f}", flush=True)
    print()
    for ours, other in RATIOS:
        print(f"{ours} / {other}: {found[ours] / found[other]:.2f}")


if __name__ == "__main__":
    main()
