"""``pks-kit law list|show|stale``: the dated parameters, their law, and where they are used."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo_json, say

if TYPE_CHECKING:
    from pks_kit.cli.law_uses import ParameterUse
    from pks_kit.rules.law.parameter_file import NilaiBerlaku, Parameter

_DATE = click.DateTime(["%Y-%m-%d"])
_A_YEAR = 365
_WIDTH = 100
"""Most characters of a place in the list of uses."""


def _day(given: datetime | None) -> date:
    return given.date() if given else datetime.now().astimezone().date()


@click.group("law")
def law_group() -> None:
    """Tariffs, limits and deadlines with their legal basis / angka aturan dan dasar hukumnya."""


@law_group.command("list")
@click.argument("kelompok", default="")
@click.option(
    "--find",
    "wanted",
    default="",
    metavar="TEXT",
    help="Only what contains TEXT, for example an amount as printed.",
)
@click.option("--as-of", type=_DATE, help="Date of the rules; default today.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def list_command(kelompok: str, wanted: str, as_of: datetime | None, as_json: bool) -> None:
    """List the parameters, all or those of KELOMPOK / daftar angka aturan."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.rules.law.parameters import load_parameters

        day = _day(as_of)
        rows = [
            _row(parameter, day)
            for parameter in load_parameters()
            if f"{parameter.nama}.".startswith(f"{kelompok}." if kelompok else "")
        ]
        rows = [row for row in rows if _contains(row, wanted)]
        if as_json:
            echo_json({"as_of": day.isoformat(), "parameters": rows})
            return
        for row in rows:
            value = row["printed"] or say("law.not_in_force", periods=row["in_force"])
            click.echo(f"{row['name']}\t{value}\t{row['certainty']}\t{row['legal_basis'] or ''}")


@law_group.command("show")
@click.argument("nama")
@click.option("--as-of", type=_DATE, help="Only the value in force on this date.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def show_command(nama: str, as_of: datetime | None, as_json: bool) -> None:
    """Show NAMA with values per date, legal basis, uses and tests / tampilkan satu aturan."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.rules.law.parameters import load_parameters, periods

        parameters = load_parameters()
        parameter = parameters.get(nama.removeprefix("aturan."))
        values = parameter.nilai
        if as_of:
            values = (parameters.resolve(parameter.nama, as_of.date()),)
        shown = {
            "name": parameter.nama,
            "description": parameter.keterangan,
            "unit": parameter.satuan,
            "certainty": parameter.kepastian,
            "checked": parameter.terakhir_diperiksa.isoformat(),
            "in_force": periods(parameter),
            "file": f"src/pks_kit/rules/law/parameter/{parameter.berkas}",
            "line": parameter.baris,
            "values": [_value(parameter, value) for value in values],
            "uses": _uses(parameter.nama),
        }
        if as_json:
            echo_json({"parameter": shown})
        else:
            _print(shown)


@law_group.command("stale")
@click.option("--older-than", type=click.IntRange(min=0), default=_A_YEAR, show_default=True)
@click.option("--as-of", type=_DATE, help="Day from which is counted; default today.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def stale_command(older_than: int, as_of: datetime | None, as_json: bool) -> None:
    """List what was last checked more than so many DAYS ago / daftar yang lama tidak diperiksa."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.rules.law.parameters import load_parameters

        day = _day(as_of)
        limit = day - timedelta(days=older_than)
        stale = sorted(
            (one for one in load_parameters() if one.terakhir_diperiksa < limit),
            key=lambda one: (one.terakhir_diperiksa, one.nama),
        )
        rows = [_row(parameter, day) for parameter in stale]
        if as_json:
            echo_json({"as_of": day.isoformat(), "older_than": older_than, "parameters": rows})
            return
        for row in rows:
            click.echo(f"{row['checked']}\t{row['name']}\t{row['certainty']}")
        click.echo(say("law.stale_count", count=len(rows), limit=limit), err=True)


def _row(parameter: Parameter, day: date) -> dict[str, Any]:
    from pks_kit.rules.law.parameters import periods

    value = parameter.in_force(day)
    return {
        "name": parameter.nama,
        "description": parameter.keterangan,
        "unit": parameter.satuan,
        "value": None if value is None else _plain(value),
        "printed": None if value is None else printed(parameter, value),
        "since": None if value is None else value.mulai.isoformat(),
        "legal_basis": None if value is None else value.dasar_hukum,
        "certainty": parameter.kepastian if value is None else parameter.certainty_of(value),
        "checked": parameter.terakhir_diperiksa.isoformat(),
        "in_force": periods(parameter),
    }


def _contains(row: dict[str, Any], wanted: str) -> bool:
    fields = ("name", "description", "value", "printed", "legal_basis")
    return any(wanted.casefold() in str(row[field]).casefold() for field in fields)


def _value(parameter: Parameter, value: NilaiBerlaku) -> dict[str, Any]:
    later = [other.mulai for other in parameter.nilai if other.mulai > value.mulai]
    return {
        "from": value.mulai.isoformat(),
        "to": (min(later) - timedelta(days=1)).isoformat() if later else None,
        "value": _plain(value),
        "printed": printed(parameter, value),
        "legal_basis": value.dasar_hukum,
        "published": value.terbit,
        "certainty": parameter.certainty_of(value),
    }


def _plain(value: NilaiBerlaku) -> int | str | None:
    return value.nilai if value.nilai is None or isinstance(value.nilai, int) else str(value.nilai)


def printed(parameter: Parameter, value: NilaiBerlaku) -> str:
    """Return a value as the agreement prints it: ``Rp12.000,00``, ``97%``, ``3 bulan``."""
    from pks_kit.domain.angka import format_desimal, persen_angka
    from pks_kit.domain.rupiah import format_rupiah

    match (parameter.satuan, value.nilai):
        case (_, None):
            return "–"
        case (_, str(text)):
            return text
        case ("rupiah", int(amount)):
            return format_rupiah(amount)
        case ("persen", number):
            return persen_angka(number)
        case ("tahun_kalender", number):
            return str(number)
        case ("tanggal", number):
            return f"tanggal {number}"
        case ("koefisien" | "rasio", number):
            return format_desimal(number)
        case (unit, number):
            return f"{format_desimal(number)} {unit.replace('_', ' ')}"


def _uses(nama: str) -> dict[str, list[dict[str, Any]]]:
    """Return the uses in templates and code, and in tests where a checkout has them."""
    import pks_kit
    from pks_kit.cli.law_uses import code_uses, covering_tests, listed_uses, template_uses
    from pks_kit.resources import data_root, templates_root

    computed = code_uses(nama, Path(pks_kit.__file__).parent)
    folder = data_root() / "tests"
    tests: tuple[ParameterUse, ...] = ()
    if folder.is_dir():
        functions = {use.tempat.rsplit(".", 1)[-1] for use in computed if use.tempat}
        tests = (
            *listed_uses(nama, folder),
            *code_uses(nama, folder),
            *covering_tests(functions, folder),
        )
    return {
        "templates": [_use("templates", use) for use in template_uses(nama, templates_root())],
        "code": [_use("src/pks_kit", use) for use in computed],
        "tests": [_use("tests", use) for use in tests],
    }


def _use(folder: str, use: ParameterUse) -> dict[str, Any]:
    return {
        "file": f"{folder}/{use.berkas}",
        "line": use.baris,
        "place": use.tempat,
        "by_group": use.kelompok,
    }


def _print(shown: dict[str, Any]) -> None:
    click.echo(f"aturan.{shown['name']}")
    click.echo(f"  {shown['description']}")
    for code in ("unit", "certainty", "checked", "in_force"):
        click.echo(f"  {say(f'law.{code}')}: {shown[code]}")
    click.echo(f"  {say('law.file')}: {shown['file']}:{shown['line']}")
    for value in shown["values"]:
        click.echo(f"  {value['from']} – {value['to'] or '…'}: {value['printed']}")
        published = f", {say('law.published')} {value['published']}" if value["published"] else ""
        click.echo(f"    {say('law.basis')}: {value['legal_basis']}{published}")
        if value["certainty"] != shown["certainty"]:
            click.echo(f"    {say('law.certainty')}: {value['certainty']}")
    for kind in ("templates", "code", "tests"):
        uses = shown["uses"][kind]
        click.echo(f"  {say(f'law.{kind}')}:{'' if uses else ' –'}")
        for use in uses:
            group = f" ({say('law.by_group')})" if use["by_group"] else ""
            click.echo(f"    {use['file']}:{use['line']}{group}: {_short(use['place'])}")


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
