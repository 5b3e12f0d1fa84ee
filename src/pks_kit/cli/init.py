"""``pks-kit init``: sample data to start from."""

from __future__ import annotations

from pathlib import Path

import click

from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import say
from pks_kit.errors import UsageError


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def init_command(folder: Path) -> None:
    """Copy the sample contract data into FOLDER / salin contoh data ke FOLDER."""
    with errors_to_exit(as_json=False):
        from pks_kit.files import write_atomic
        from pks_kit.resources import addendum_samples, contract_samples

        sources = (*contract_samples(), *addendum_samples())
        for source in sources:
            target = folder / source.name
            if target.exists():
                raise UsageError("init.exists", file=str(target))
        for source in sources:
            write_atomic(folder / source.name, source.read_bytes())
            click.echo(str(folder / source.name))
        click.echo(say("init.next", file=str(folder / sources[0].name)), err=True)
