"""``pks-kit completion``: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click
from click import shell_completion

from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo

COMPLETE_VARIABLE = "_PKS_KIT_COMPLETE"
"""Where click looks for what a shell asks when somebody presses the tabulator."""


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(context: click.Context, shell: str) -> None:
    """Print the script by which a shell completes commands and options of pks-kit.

    For Bash put this line into ~/.bashrc: eval "$(pks-kit completion bash)"
    """
    with errors_to_exit(as_json=False):
        asked = shell_completion.get_completion_class(shell)
        if asked is None:
            raise TypeError(f"click knows no shell {shell}")
        root = context.find_root()
        made = asked(root.command, {}, "pks-kit", COMPLETE_VARIABLE)
        echo(made.source())
