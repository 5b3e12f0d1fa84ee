"""``pks-kit shrink``."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, echo_json, language, say, tell_notes
from pks_kit.cli.writing import refuse_existing
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.pipelines.shrink import ShrinkResult

_FILE = click.Path(path_type=Path)
_WRITTEN = re.compile(r"(\d{1,9})(?:[.,](\d{1,3}))?\s*(b|kb|kib|mb|mib)?", re.IGNORECASE)
_UNITS = {"": 1, "b": 1, "kb": 1000, "kib": 1024, "mb": 1000**2, "mib": 1024**2}


class Size(click.ParamType[int]):
    """An option that takes a size as ``2MB``, ``900KB``, ``1,5MB`` or a number of bytes.

    MB is a million bytes, MiB the 1,048,576 that some portals mean by it: what is below the first
    is below both.
    """

    name = "size"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return how a size is written."""
        return say("shrink.size_form")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the size in bytes.

        Raises:
            click.UsageError: It is none, or none that a file can have.
        """
        found = _WRITTEN.fullmatch(str(value).strip())
        if found is not None:
            whole, part, unit = found.groups(default="")
            size = int(float(f"{whole}.{part or 0}") * _UNITS[unit.lower()])
            if 0 < size < 1 << 40:
                return size
        name = param.opts[0] if param is not None else ""
        raise click.UsageError(say("shrink.not_a_size", option=name, value=str(value)[:40]), ctx)


@click.command("shrink")
@click.argument("files", type=_FILE, metavar="FILE", nargs=-1, required=True)
@click.option("--max", "most_bytes", type=Size(), default=None, help="Limit of the result.")
@click.option("--jenis", default="", metavar="NAME", help="Kind of document whose limit holds.")
@click.option("--issued", type=_FILE, metavar="ISSUED.pdf", help="The file as it was issued.")
@click.option("--receipt", type=_FILE, metavar="R.json", help="Receipt of the issued file.")
@click.option("--split", is_flag=True, help="Write several files when one cannot hold all sheets.")
@click.option(
    "-o", "--output", type=_FILE, metavar="OUT.pdf", help="Default: NAME-kecil.pdf beside it."
)
@click.option("--force", is_flag=True, help="Replace an existing output.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def shrink_command(
    *,
    files: tuple[Path, ...],
    most_bytes: int | None,
    jenis: str,
    issued: Path | None,
    receipt: Path | None,
    split: bool,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Make a scan small enough for a portal: print in black and white, places in colour.

    FILE is a PDF of pictures, JPEG, PNG or TIFF; several files become one. Without --max and
    --jenis the largest limit of a portal that is known holds. With the issued file (--issued) its
    places for pen, stamp and meterai are kept exactly, else coloured ink, stickers and large
    strokes are looked for. Page codes are read again afterwards.

    Files with electronic signatures and files of text are refused. When one file cannot hold all
    sheets, nothing is written unless --split is given (exit code 3).
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.files import check_output, write_together
        from pks_kit.pipelines.shrink import ShrinkRequest, shrink

        given = (*files, *(one for one in (issued, receipt) if one is not None))
        if output is not None:
            check_output(output, *given)
            if not split:
                refuse_existing(output, "shrink.exists", force=force)
        result = shrink(
            ShrinkRequest(
                files=files,
                most_bytes=most_bytes or 0,
                jenis=jenis,
                issued=issued,
                receipt=receipt,
                split=split,
                clock=lambda: datetime.now(UTC),
            )
        )
        targets = _targets(result, output, files[0].parent)
        for target in targets:
            check_output(target, *given)
            refuse_existing(target, "shrink.exists", force=force)
        write_together({path: one.content for path, one in zip(targets, result.files, strict=True)})
        if as_json:
            echo_json(to_json(result) | {"outputs": [str(one) for one in targets]})
            return
        _show(result, targets)


def _targets(result: ShrinkResult, output: Path | None, beside: Path) -> list[Path]:
    """Return where each file goes: as asked, with numbers when there are several."""
    if output is None:
        return [beside / one.name for one in result.files]
    if len(result.files) < 2:
        return [output for _ in result.files]
    count = range(1, len(result.files) + 1)
    return [output.with_name(f"{output.stem}-{number}{output.suffix}") for number in count]


def _show(result: ShrinkResult, targets: list[Path]) -> None:
    if not targets:
        echo(say("shrink.unchanged", size=_told(result.before), limit=_told(result.limit)))
        return
    for path, size in zip(targets, result.after, strict=True):
        echo(f"{path} ({_told(size)})")
    echo(
        say(
            "shrink.done",
            sheets=len(result.sheets),
            before=_told(result.before),
            limit=_told(result.limit),
            codes=sum(one.codes for one in result.sheets),
        )
    )
    tell_notes(result.notes)


def _told(size: int) -> str:
    thousands = f"{max(1, round(size / 1000)):,}"
    return say("shrink.size", size=thousands.replace(",", ".") if language() == "id" else thousands)
