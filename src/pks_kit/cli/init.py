"""``pks-kit init``: sample data to start from."""

from __future__ import annotations

from pathlib import Path

import click

from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, say
from pks_kit.errors import UsageError


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def init_command(folder: Path) -> None:
    """Copy the sample contract data into FOLDER."""
    with errors_to_exit(as_json=False):
        from pks_kit.files import write_together
        from pks_kit.pipelines.init import InitRequest, init

        samples = {folder / file.name: file.content for file in init(InitRequest()).files}
        for target in samples:
            if target.exists():
                raise UsageError("init.exists", file=str(target))
        write_together(samples)
        for target in samples:
            echo(str(target))
        echo(say("init.next", file=str(next(iter(samples)))), err=True)
