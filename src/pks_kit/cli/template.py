"""``pks-kit template list|show|lint|diff|compile``: look at, check, compare, compile templates."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.cache import cache_folder
from pks_kit.cli.day import Day
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import cells, console, echo, echo_json, language, say
from pks_kit.domain.sifat_faskes import JENIS_BAKU
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.naskah.lint import LintFinding
    from pks_kit.pipelines.compare import CompareResult
    from pks_kit.pipelines.template_compile import CompiledEdition


@click.group("template")
def template_group() -> None:
    """Look at templates, lint and compile them."""


@template_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def list_command(as_json: bool) -> None:
    """List the template versions."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.template import TemplateListRequest, template_list

        found = template_list(TemplateListRequest())
        if as_json:
            echo_json(to_json(found))
            return
        for row in found.templates:
            echo(f"{row.versi}\t{row.nama}\t{', '.join(row.jenis)}")


@template_group.command("show")
@click.argument("versi")
@click.option("--jenis", default=JENIS_BAKU, show_default=True, help="Kind of facility.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def show_command(versi: str, jenis: str, as_json: bool) -> None:
    """Show the parts of VERSI with their files and sources."""
    with errors_to_exit(as_json=as_json):
        from rich.table import Table

        from pks_kit.pipelines.template import TemplateShowRequest, template_show

        overview = template_show(TemplateShowRequest(versi=versi, jenis=jenis))
        if as_json:
            echo_json(to_json(overview))
            return
        table = Table(title=f"{overview.nama} ({overview.versi}), {overview.jenis_faskes}")
        for head in ("label", "title", "source", "file"):
            table.add_column(say(f"cli.template.{head}"), overflow="fold")
        for part in overview.bagian:
            table.add_row(
                *cells(part.label or part.jenis, part.judul, ", ".join(part.sumber), part.berkas)
            )
        out = console(err=False)
        out.print(table)
        for word, meaning in overview.sumber.items():
            out.print(f"{word}: {meaning}")
        out.print(f"SHA-256 {overview.sha256}")


@template_group.command("lint")
@click.argument("versi", nargs=-1, required=True)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def lint_command(versi: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Find mistakes in the templates of each VERSI."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.template import (
            TemplateLintRequest,
            TemplateLintResult,
            template_lint,
        )

        each = [template_lint(TemplateLintRequest(versi=one)) for one in dict.fromkeys(versi)]
        found = TemplateLintResult(
            findings=tuple(finding for one in each for finding in one.findings)
        )
        if as_json:
            echo_json(to_json(found))
        else:
            _print(found.findings)
        if found.is_refused(strict=strict):
            sys.exit(12)


def _print(findings: tuple[LintFinding, ...]) -> None:
    tongue = language()
    for finding in findings:
        text = finding.text
        level = say(f"cli.template.{finding.level}")
        echo(f"{finding.file}:{finding.line}: {level}: {text.in_language(tongue)}")
    echo(say("cli.template.count", count=len(findings)), err=True)


@template_group.command("diff")
@click.argument("old")
@click.argument("new")
@click.option(
    "--as-of-a",
    type=Day(),
    help="Date of the parameters for OLD (as NEW when not given).",
)
@click.option(
    "--as-of-b",
    type=Day(),
    help="Date of the parameters for NEW (first day of the later version when not given).",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Contract data that fills both (a sample clinic when not given).",
)
@click.option(
    "--html",
    "html_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page that shows both side by side.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def diff_command(
    old: str,
    new: str,
    as_of_a: datetime | None,
    as_of_b: datetime | None,
    data: Path | None,
    html_path: Path | None,
    as_json: bool,
) -> None:
    """Compare two versions clause by clause."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.files import check_output, write_atomic
        from pks_kit.pipelines.template import TemplateDiffRequest, template_diff

        if html_path:
            check_output(html_path, *([data] if data else []))
        result = template_diff(
            TemplateDiffRequest(
                old=old,
                new=new,
                as_of_old=as_of_a.date() if as_of_a else None,
                as_of_new=as_of_b.date() if as_of_b else None,
                data=data,
            )
        )
        if html_path:
            write_atomic(html_path, result.page(language()).content)
        if as_json:
            echo_json(to_json(result))
        else:
            _print_diff(result)
        if html_path:
            echo(say("diff.written", path=html_path), err=True)


def _print_diff(result: CompareResult) -> None:
    """Print the table of parts, the loud changes, and how many there are of each kind."""
    from rich.table import Table

    from pks_kit.render.report.diff import LOUD, part_change, part_content

    out = console(err=False)
    tongue = language()
    for jenis in ("pasal", "lampiran"):
        table = Table(title=say(f"diff.map.{jenis}"))
        for name in (result.nama_lama, result.nama_baru):
            table.add_column(say("diff.number_in", name=name), overflow="fold")
        for head in ("cli.template.title", "diff.kind", "diff.contents"):
            table.add_column(say(head), overflow="fold")
        for part in result.diff.parts_of(jenis):
            table.add_row(
                *cells(
                    part.nomor_lama or "–",
                    part.nomor_baru or "–",
                    part.judul_baru or part.judul_lama,
                    part_change(part, tongue),
                    part_content(part, tongue),
                )
            )
        out.print(table)
    for part in result.diff.parts:
        if part.kinds in (("new",), ("gone",)):
            continue  # the table says so; every clause of it is new or gone
        for change in part.clauses:
            if change.kind in LOUD:
                places = " → ".join(one.place if one else "–" for one in (change.old, change.new))
                ours = f" ({say('diff.ours')})" if change.is_ours else ""
                line = f"{say(f'diff.kind.{change.kind}')}: {places}{ours}"
                out.print(line, soft_wrap=True)
    counts = {str(kind): number for kind, number in result.diff.counts.items()}
    out.print(say("diff.summary_clauses", **counts))


@template_group.command("compile")
@click.argument("versi", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def compile_command(versi: tuple[str, ...], as_json: bool) -> None:
    """Lay out the constant text of each VERSI once, so that drafting need not do it again.

    Without VERSI every agreement text in use. It is kept in the cache folder of this user
    (PKS_KIT_CACHE names another) and may be removed at any time. What is there already stays, so
    an interrupted run goes on where it was.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.template_compile import TemplateCompileRequest, template_compile

        folder = cache_folder()
        if folder is None:
            raise UsageError("template.compile.no_folder")
        result = template_compile(
            TemplateCompileRequest(
                folder=folder, versi=tuple(dict.fromkeys(versi)), progress=_tell_compiled
            )
        )
        if as_json:
            echo_json(to_json(result))
            return
        made = sum(not one.kept for one in result.editions)
        echo(
            say(
                "cli.template.compiled",
                made=made,
                kept=len(result.editions) - made,
                seconds=f"{result.seconds:.0f}",
                folder=result.folder,
            )
        )


def _tell_compiled(one: CompiledEdition) -> None:
    code = "cli.template.edition_kept" if one.kept else "cli.template.edition_made"
    name = f"{one.versi} {one.jenis} {one.cara_kontrak}"
    seconds = f"{one.seconds:.1f}"
    echo(say(code, name=name, leaves=one.leaves, gaps=one.gaps, seconds=seconds), err=True)
