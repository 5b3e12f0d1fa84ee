"""``pks-kit demo``: the whole road on sample data, offline."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, echo_json, language, say
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.pipelines.demo import DemoResult

STEPS = 9
"""One more where a scan of paper is judged."""


@click.command("demo")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("keluaran/demo"),
    show_default=True,
    help="Folder for the files.",
)
@click.option("--batch", "many", is_flag=True, help="Twelve agreements, killed once and resumed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def demo_command(output: Path, many: bool, as_json: bool) -> None:
    """Draft, sign, stamp and verify one sample agreement."""
    with errors_to_exit(as_json=as_json):
        if many:
            _many(output, as_json=as_json)
            return
        echo(say("demo.intro"), err=True)  # before the libraries are loaded, which takes seconds
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        from pks_kit.cli.terminal import console
        from pks_kit.pipelines.demo import DemoRequest, demo
        from pks_kit.pipelines.demo_paper import missing_library

        columns = (BarColumn(24), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=console()) as display:
            task = display.add_task("", total=STEPS + (not missing_library()))

            def progress(code: str, params: Mapping[str, str]) -> None:
                words = say(code, **params)
                display.update(task, description=words)
                if not display.console.is_terminal:
                    echo(f"  {words} ...", err=True)
                display.advance(task)

            result = demo(
                DemoRequest(
                    clock=lambda: datetime.now(UTC).astimezone(),
                    random_bytes=secrets.token_bytes,
                    progress=progress,
                )
            )
        paths = _write(result, output)
        if as_json:
            echo_json(_shown(result, output, paths))
        else:
            _show(result, output, paths)


def _many(output: Path, *, as_json: bool) -> None:
    """Show a small night: a workbook, a plan, a run that is killed, the same run again."""
    from pks_kit.cli.batch_shown import show_status
    from pks_kit.cli.cache import cache_folder
    from pks_kit.pipelines.demo_batch import DemoBatchRequest, demo_batch

    result = demo_batch(
        DemoBatchRequest(
            folder=output,
            compiled=cache_folder(),
            progress=lambda code, params: echo(f"  {say(code, **params)}", err=True),
        )
    )
    if as_json:
        echo_json(to_json(result))
        return
    show_status(result.ran.status)
    echo(say("demo_batch.end", before=result.done_before, redone=result.redone))
    echo(result.folder)
    for path in result.report:
        echo(path)


def _write(result: DemoResult, output: Path) -> tuple[Path, ...]:
    """Write everything; existing files of an earlier demo are replaced."""
    from pks_kit.files import write_together

    page = output / "laporan-pemeriksaan.html"
    contents = {output / file.name: file.content for file in result.files}
    contents[page] = result.verified.page(language()).content
    altered = output / "salinan-diubah"
    copies = {altered / file.name: file.content for file in result.altered.values()}
    write_together(contents | copies)
    return tuple(contents)


def _shown(result: DemoResult, output: Path, paths: tuple[Path, ...]) -> dict[str, Any]:
    """Return the JSON form, with paths where the result has names."""
    shown: dict[str, Any] = to_json(result)
    files = shown["draft"]["files"]
    shown["draft"]["files"] = {kind: str(output / name) for kind, name in files.items()}
    for done in (*shown["steps"], shown["archive"]):
        done["output"] = str(output / done["output"])
    return shown | {
        "final": str(output / result.final.name),
        "files": [str(path) for path in paths],
    }


def _show(result: DemoResult, folder: Path, paths: tuple[Path, ...]) -> None:
    from pks_kit.cli.verify import print_report

    tongue = language()
    print_report(result.verified.report, result.final.name, show_all=False)
    echo()
    for code, report in result.refused.items():
        reason = next(check for check in report.checks if check.status == "failed")
        echo(
            say(
                "demo.refused",
                name=say(code),
                verdict=say(f"report.status.{report.verdict}"),
                reason=reason.message.in_language(tongue),
            )
        )
    show_paper(result)
    echo()
    echo(say("demo.files", folder=str(folder)))
    for path in paths:
        echo(f"  {path.name}")
    echo(say("demo.open", file=str(folder / result.final.name), page=result.signature_page))


def show_paper(result: DemoResult) -> None:
    """Print what was found on paper, or how to get there."""
    found = result.paper
    if found is None:
        echo(say("demo.no_paper"))
        return
    verdict = say(f"report.status.{found.verdict}")
    echo(say("demo.paper", name=found.scan.name, pages=found.pages, verdict=verdict))
    echo(say("demo.paper.empty", places=", ".join(found.empty)))
    echo(
        say("demo.paper.changed", page=found.page, path=found.path, was=found.was, read=found.read)
    )
