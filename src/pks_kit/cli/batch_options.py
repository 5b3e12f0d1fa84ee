"""Arguments and options that commands about a batch share."""

from __future__ import annotations

from pathlib import Path

import click

PATH = click.Path(path_type=Path)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object on standard output."
)
folder_argument = click.argument("folder", type=PATH, metavar="FOLDER")
settings_option = click.option(
    "--settings", type=PATH, metavar="PENGATURAN.yml", help="Settings of signing (YAML)."
)
by_option = click.option("--oleh", metavar="NAME", help="Who decides it; needed with settings.")
rehearsal_option = click.option(
    "--rehearsal", is_flag=True, help="The rehearsal with test keys is meant."
)
sample_option = click.option(
    "--sample",
    type=click.IntRange(0, 50),
    default=3,
    show_default=True,
    help="How many agreements are drafted and shown page by page.",
)
keys_argument = click.argument("keys", nargs=-1, metavar="KEY")
jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 256), help="Processes; one for each processor."
)
docx_option = click.option("--docx", is_flag=True, help="Also write DOCX.")
no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Read nothing that was compiled, and compile nothing first."
)
