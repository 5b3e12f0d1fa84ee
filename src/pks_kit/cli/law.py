"""``pks-kit law list|show|stale``: the dated parameters, their law, and where they are used."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from pks_kit.cli.day import Day
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, echo_json, language, say
from pks_kit.json_form import to_json
from pks_kit.messages import days_in_words
from pks_kit.visible_text import without_sources

if TYPE_CHECKING:
    from pks_kit.pipelines.law import LawShowResult, LawUse

_DATE = Day()
_A_YEAR = 365
_WIDTH = 100
"""Most characters of a place in the list of uses."""


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


@click.group("law")
def law_group() -> None:
    """Tariffs, limits and deadlines with their legal basis."""


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
    """List the parameters, all or those of KELOMPOK."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.law import LawListRequest, law_list

        found = law_list(LawListRequest(group=kelompok, find=wanted, as_of=_day(as_of)))
        if as_json:
            echo_json(to_json(found))
            return
        if not found.parameters:
            echo(say("law.nothing_found", wanted=wanted), err=True)
        for row in found.parameters:
            value = row.printed or say("law.not_in_force", periods=days_in_words(row.in_force))
            echo(f"{row.name}\t{value}\t{row.certainty}\t{without_sources(row.legal_basis or '')}")


@law_group.command("show")
@click.argument("nama")
@click.option("--as-of", type=_DATE, help="Only the value in force on this date.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def show_command(nama: str, as_of: datetime | None, as_json: bool) -> None:
    """Show NAMA with values per date, legal basis, uses and tests."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.law import LawShowRequest, law_show

        shown = law_show(LawShowRequest(name=nama, as_of=_day(as_of)))
        if as_json:
            from pks_kit.cli.forms import ShownParameter

            echo_json(to_json(ShownParameter(parameter=shown)))
        else:
            _print(shown)


@law_group.command("stale")
@click.option(
    "--older-than",
    type=click.IntRange(min=0),
    default=_A_YEAR,
    show_default=True,
    help="Days since the last check.",
)
@click.option("--as-of", type=_DATE, help="Day from which is counted; default today.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def stale_command(older_than: int, as_of: datetime | None, as_json: bool) -> None:
    """List what was last checked more than so many DAYS ago."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.law import LawStaleRequest, law_stale

        found = law_stale(LawStaleRequest(older_than=older_than, as_of=_day(as_of)))
        if as_json:
            echo_json(to_json(found))
            return
        for row in found.parameters:
            echo(f"{row.checked or '–'}\t{row.name}\t{row.certainty}")
        for text in found.texts:
            told = say("law.text_age", version=text.version, year=text.year, checked=text.checked)
            echo(told)
        echo(say("law.stale_count", count=len(found.parameters), limit=found.limit), err=True)


def _print(shown: LawShowResult) -> None:
    echo(f"aturan.{shown.name}")
    echo(f"  {shown.description}")
    about = {
        "unit": shown.unit,
        "certainty": shown.certainty,
        "checked": shown.checked or "–",
        "in_force": days_in_words(shown.in_force).in_language(language()),
    }
    for code, value in about.items():
        echo(f"  {say(f'law.{code}')}: {value}")
    echo(f"  {say('law.file')}: {shown.file}:{shown.line}")
    for one in shown.values:
        days = days_in_words(f"{one.start} – {one.end or '…'}")
        echo(f"  {days.in_language(language())}: {one.printed}")
        published = f", {say('law.published')} {one.published}" if one.published else ""
        echo(f"    {say('law.basis')}: {without_sources(one.legal_basis)}{published}")
        if one.certainty != shown.certainty:
            echo(f"    {say('law.certainty')}: {one.certainty or '–'}")
    uses: dict[str, tuple[LawUse, ...]] = {
        "templates": shown.uses.templates,
        "code": shown.uses.code,
        "tests": shown.uses.tests,
    }
    for kind, places in uses.items():
        echo(f"  {say(f'law.{kind}')}:{'' if places else ' –'}")
        for use in places:
            group = f" ({say('law.by_group')})" if use.by_group else ""
            echo(f"    {use.file}:{use.line}{group}: {_short(use.place)}")


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
