"""Nobody reads English who did not ask for it: help, and every complaint of click."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.cli.output import usage_reason
from pks_kit.cli.spoken import click_speaks, in_tongue, metavar_of, paragraphs, spoken
from pks_kit.messages import by_english_words, known_codes
from support.commands import commands

ENGLISH = re.compile(
    r"\b(the|of|and|or|must|not|is|are|was|were|with|which|file|error|usage|options?|commands?"
    r"|arguments?|missing|no such|invalid|required|default|value|show|exit|write|read|this|that"
    r"|for|from|did you|try|takes?|does|do|cannot|could|list|of|by|one|what|aborted)\b",
    re.IGNORECASE,
)
INDONESIAN = re.compile(
    r"\b(yang|dan|atau|tidak|wajib|berkas|untuk|dengan|dari|pilihan|perintah|bukan|nilai|galat"
    r"|saran|bila|belum|ke|pada|semua|adalah|harus|maksud|pemakaian|bawaan|tanggal|lalu)\b",
    re.IGNORECASE,
)
NO_WORDS = re.compile(
    r"--?[a-z0-9][\w-]*|«[^»]*»|'[^']*'|`[^`]*`|\S*[._/:]\S*|\{[a-z|]+\}|\[[a-z|-]+\]"
    r"|(?<=default: )[^\]]+|(?<=bawaan: )[^\]]+"
)
"""Options, quoted input, names of files: the same in both languages."""

NAME_OF_COMMAND = re.compile(r"^  \w[\w-]*(?=  )|(pks-kit|ledger) [a-z-]+", re.MULTILINE)

DEVELOPERS_ONLY = {
    "Could not determine name for option with declarations {decls!r}",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument "
    "instead? Did you mean to pass '--{name}'?",
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Name '{name}' defined twice",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Unknown standard stream '{name}'",
    "Unknown color {colour!r}",
}
"""What click says to whoever writes a command, never to whoever runs it."""


def words_of(command: click.Command) -> Iterator[str]:
    yield from paragraphs(command.help or "")
    for one in command.params:
        yield one.type.name
        written = metavar_of(one)
        if written is not None:
            yield written
        if isinstance(one, click.Option) and one.help:
            yield one.help


def said_by_click() -> set[str]:
    """Return what click gives to gettext, read from the source of its modules."""
    found = set()
    for path in Path(inspect.getfile(click)).parent.glob("*.py"):
        if path.name in ("_termui_impl.py", "_winconsole.py"):  # pagers, editors, old consoles
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
                found |= {str(one.value) for one in node.args if isinstance(one, ast.Constant)}
    return found


def test_every_text_of_every_command_has_words_in_both_languages() -> None:
    known = by_english_words(("click.", "help."))
    assert {
        (" ".join(path), text)
        for path, command in commands()
        for text in words_of(command)
        if text not in known
    } == set()
    silent = [
        (" ".join(path), one.opts)
        for path, command in commands()
        for one in command.params
        if isinstance(one, click.Option) and not one.help
    ]
    assert silent == []


def test_every_word_for_commands_is_used() -> None:
    used = {text for _, command in commands() for text in words_of(command)}
    assert set(by_english_words(("help.",))) - used == set()


@pytest.mark.slow
def test_everything_that_click_says_has_words_in_both_languages() -> None:
    said = said_by_click()
    assert len(said) > 60
    assert said >= DEVELOPERS_ONLY
    assert said - DEVELOPERS_ONLY - set(by_english_words(("click.",))) == set()


def test_no_text_of_click_is_the_same_in_both_languages() -> None:
    assert [text for text in said_by_click() - DEVELOPERS_ONLY if spoken(text, "id") == text] == []


PATHS = [path for path, _ in commands()]


@pytest.mark.parametrize("path", PATHS, ids=[" ".join(path) or "pks-kit" for path in PATHS])
def test_help_is_in_one_language(path: list[str]) -> None:
    for tongue, foreign in (("id", ENGLISH), ("en", INDONESIAN)):
        done = CliRunner().invoke(
            main, [*path, "--help"], prog_name="pks-kit", env={"PKS_KIT_LANG": tongue}
        )
        assert done.exit_code == 0
        body = NAME_OF_COMMAND.sub("", done.stdout.replace(" ".join(["pks-kit", *path]), ""))
        assert foreign.findall(NO_WORDS.sub("", body)) == [], body


MISTAKES = [
    ["tidakada"],
    ["draft"],
    ["cover", "a", "b"],
    ["cover", "a", "b", "c"],
    ["draft", "a", "--bukan"],
    ["draft", "a", "--output"],
    ["draft", "a", "--force=1"],
    ["draft", "a", "-o", __file__],
    ["draft", "a", "--as-of", "31-12-2024"],
    ["sign", "a.pdf", "--pihak", "ketiga", "-o", "b.pdf"],
    ["sign", "a.pdf"],
    ["cover", "a.pdf", "-o", "b.pdf"],
    ["law", "lits"],
    ["law", "stale", "--older-than", "x"],
    ["law", "stale", "--older-than", "-1"],
    ["verify"],
    ["verify", "a", "--seconds", "0"],
    ["verify", "a", "--seconds", "x"],
    ["completion"],
    ["completion", "csh"],
    ["renewals"],
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[" ".join(one[:3]) for one in MISTAKES])
def test_a_mistake_is_told_in_one_language(mistake: list[str]) -> None:
    for tongue, foreign in (("id", ENGLISH), ("en", INDONESIAN)):
        done = CliRunner().invoke(main, mistake, env={"PKS_KIT_LANG": tongue})
        assert done.exit_code == 2, done.output
        assert done.stderr.startswith(
            ("Pemakaian:", "Galat:") if tongue == "id" else ("Usage:", "Error:")
        )
        told = done.stderr.replace("pks-kit " + mistake[0], "")
        told = told.replace("law stale", "").replace("--help", "")
        assert foreign.findall(NO_WORDS.sub("", told)) == [], told
        shown = CliRunner().invoke(main, [*mistake, "--json"], env={"PKS_KIT_LANG": tongue})
        if "completion" not in mistake and mistake[-1] != "--output":
            assert '"en": "The command cannot be run: ' in shown.stdout


def test_json_tells_a_mistake_in_both_languages() -> None:
    for tongue in ("id", "en"):
        done = CliRunner().invoke(main, ["draft", "--json"], env={"PKS_KIT_LANG": tongue})
        assert "The command cannot be run: Missing argument 'KONTRAK...'." in done.stdout
        assert "Perintah tidak dapat dijalankan: Belum diisi: argumen 'KONTRAK...'." in done.stdout


def every_exception() -> dict[str, click.ClickException]:
    context = click.Context(in_tongue(main, "id"), info_name="pks-kit")
    option = click.Option(["--nama"], type=click.Choice(["satu"]))
    return {
        "ClickException": click.ClickException(spoken("Missing command.", "id")),
        "UsageError": click.UsageError(spoken("Missing command.", "id"), context),
        "BadParameter": click.BadParameter("«x»", context, option),
        "MissingParameter": click.MissingParameter(ctx=context, param=option),
        "NoSuchOption": click.NoSuchOption("--verson", ctx=context),
        "NoSuchCommand": click.exceptions.NoSuchCommand("verfy", ctx=context),
        "BadOptionUsage": click.BadOptionUsage("--x", spoken("Missing command.", "id"), context),
        "BadArgumentUsage": click.BadArgumentUsage(spoken("Missing command.", "id"), context),
        "NoArgsIsHelpError": click.exceptions.NoArgsIsHelpError(context),
        "FileError": click.FileError("x"),
    }


def test_every_exception_of_click_speaks_indonesian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", "id")
    kinds = {
        name
        for name, one in vars(click.exceptions).items()
        if inspect.isclass(one) and issubclass(one, click.ClickException)
    }
    with click_speaks("id"):
        made = every_exception()
        assert set(made) == kinds
        for name, error in made.items():
            told = usage_reason(error, "id")
            if name == "NoArgsIsHelpError":  # the help of the whole, tested above
                assert told.startswith("Pemakaian:")
                continue
            assert ENGLISH.findall(NO_WORDS.sub("", told)) == [], (name, told)


def test_click_has_its_own_words_again_afterwards() -> None:
    with click_speaks("id"):
        assert click.exceptions._("Missing option") == "Belum diisi: pilihan"  # type: ignore[attr-defined]
    assert click.exceptions._("Missing option") == "Missing option"  # type: ignore[attr-defined]


def test_prompts_speak_indonesian() -> None:
    @click.command()
    @click.option("--kunci", prompt="Kunci", hide_input=True, confirmation_prompt=True)
    def asked(kunci: str) -> None:
        click.echo(kunci)

    with click_speaks("id"):
        done = CliRunner().invoke(asked, input="a\nb\na\na\n")
    assert "Ulangi untuk memastikan" in done.output
    assert "kedua isian tidak sama" in done.output
    assert ENGLISH.findall(done.output) == []


def test_what_was_written_stays_english() -> None:
    told = in_tongue(main, "id")
    assert told.help != main.help
    assert main.help is not None
    assert main.help.startswith("Draft, sign")


def test_the_codes_of_both_files_are_in_the_catalogue() -> None:
    assert {"click.usage", "help.metavar.file_pdf"} <= known_codes()
