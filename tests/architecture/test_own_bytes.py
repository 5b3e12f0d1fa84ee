"""Only writers say that bytes are our own: nobody can have a file of others counted among them."""

from __future__ import annotations

from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "pks_kit"

WRITERS = {
    "own_files.keep_issued(": {"render/pdf/__init__.py"},
    "own_files.keep_grown(": {"signing/step/state.py"},
    "written_here.keep(": {"signing/step/reserved_space.py"},
    "is_own=True": {"pipelines/signing/one_step.py", "signing/sandbox/meterai.py"},
    "remember(before, after": {"signing/step/check_result.py"},
    "remember(self.pdf, after": {"signing/archive/growing_file.py"},
}
"""What enters bytes among our own, and the modules that do it."""


def test_only_writers_enter_bytes_among_our_own() -> None:
    found: dict[str, set[str]] = {call: set() for call in WRITERS}
    for path in SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        for call, modules in found.items():
            if call in text:
                modules.add(path.relative_to(SOURCE).as_posix())
    assert found == WRITERS


def test_no_public_name_leads_there() -> None:
    import pks_kit

    assert not {"own_files", "written_here"} & set(dir(pks_kit))
