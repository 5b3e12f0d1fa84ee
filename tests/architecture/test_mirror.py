"""The test of a module is found by its path: ``tests/unit`` mirrors ``src/pks_kit``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
FOLDERS = {
    "architecture", "attacks", "contract", "golden", "journeys", "rules", "support", "unit",
}  # fmt: skip


def strangers(unit: Path, package: Path) -> Iterator[str]:
    """Yield files below a folder of unit tests that no module or package answers to.

    ``signing/step/test_plan.py`` and ``signing/step/test_plan_refusals.py`` answer to the module
    ``signing/step/plan.py``, ``signing/test_step.py`` to the package ``signing/step``.
    """
    for path in sorted(unit.rglob("*.py")):
        if path.name == "conftest.py":
            continue
        folder = package / path.parent.relative_to(unit)
        names = accumulate(path.stem.removeprefix("test_").split("_"), "{}_{}".format)
        found = any(
            (folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file()
            for name in names
        )
        if not (path.name.startswith("test_") and found):
            yield path.relative_to(unit).as_posix()


def test_every_unit_test_names_a_module_or_package() -> None:
    assert list(strangers(TESTS / "unit", ROOT / "src" / "pks_kit")) == []


def test_a_test_that_names_nothing_is_told(tmp_path: Path) -> None:
    modules = ("step/__init__.py", "step/plan.py", "step/blank_area.py")
    tests = (
        "test_step.py", "step/test_plan.py", "step/test_plan_refusals.py", "step/conftest.py",
        "step/test_blank_area.py", "step/test_planned.py", "test_plan.py", "step/plan.py",
        "step/test_blank.py",
    )  # fmt: skip
    for name in (*(f"package/{one}" for one in modules), *(f"unit/{one}" for one in tests)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = list(strangers(tmp_path / "unit", tmp_path / "package"))
    assert found == ["step/plan.py", "step/test_blank.py", "step/test_planned.py", "test_plan.py"]


def test_no_test_stands_outside_the_folders() -> None:
    """Also nothing that would shadow a package on the way to ``support``."""
    here = {path.name for path in TESTS.iterdir() if path.name != "__pycache__"}
    assert here - FOLDERS == {"conftest.py"}
