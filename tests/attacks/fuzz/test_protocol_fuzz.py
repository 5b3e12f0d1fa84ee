"""The fuzzer of the protocol finds a host that believes too much, and nothing in the real one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from attacks.fuzz import protocol_fuzz as fuzz
from attacks.fuzz.protocol_oracle import may_pass
from pks_kit.verification.isolation import belief, lines, parent, passing, repeated, second
from pks_kit.verification.isolation.lines import Line
from support.proving import SampleOf

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world() -> fuzz.World:
    return fuzz.make_world()


def rules_broken(world: fuzz.World) -> Iterator[str]:
    """Try every seed, then what passes in ever other changes; yield which rule does not hold."""
    known = fuzz.seeds(world)
    for seed in known.values():
        yield fuzz.broken_rule(seed, world)
    for number in range(1500):
        seed = known["short 0" if number % 2 else "short 4"]
        yield fuzz.broken_rule(fuzz.changed(seed, world, number), world)


def test_nothing_is_found_in_the_host_as_it_is(world: fuzz.World, sample_of: SampleOf) -> None:
    most = None if sample_of.everything else len(fuzz.seeds(world)) + 400
    assert set(islice(rules_broken(world), most)) == {""}


def test_the_oracle_says_of_honest_children_what_the_host_says(world: fuzz.World) -> None:
    said = [fuzz._honest(world, number) for number in range(len(world.jobs))]
    doubts = [may_pass(job, *one) for job, one in zip(world.jobs, said, strict=True)]
    assert [not doubt for doubt in doubts] == [True, False, False, False, True]
    for job, one, doubt in zip(world.jobs, said, doubts, strict=True):
        assert (fuzz.host(job, one, 1000)[0].verdict == "passed") == (not doubt)


def _all_is_well(*_: Any) -> Any:
    return ""


def _same(_: Any, report: Any, *__: Any) -> Any:
    return report


def _ended_well(*_: Any) -> None:
    return None


BLIND: dict[str, tuple[Any, str, Any, str]] = {
    "to what is missing": (second, "without_gaps", _same, "it passed, but it lacks"),
    "to facts": (second, "objections", lambda *_: (), "is not borne out"),
    "to what was not asked": (
        second,
        "_may_stand",
        lambda *_: True,
        "the second child answers what it is not asked",
    ),
    "to whose answer it is": (belief, "QUESTIONS", (), "it answers for the second child"),
    "to what was taken away": (parent, "restored", _same, "on the way"),
    "to how it ended": (parent, "how_it_ended", _ended_well, "it did not end well"),
    "to another job": (parent, "doubt_about", _all_is_well, "it is about another"),
    "to signatures": (passing, "_of_signatures", lambda *_: (), "of a signature is not answered"),
    "to steps": (passing, "_of_steps", lambda *_: (), "but a step is not answered"),
    "to steps by the bytes": (
        repeated,
        "_steps",
        lambda *_: (),
        "but a step was not done once",
    ),
}
"""A host that does not look, and what is found then."""

BOTH: dict[str, tuple[tuple[Any, str, Any], ...]] = {
    "_steps": ((passing, "_of_steps", lambda *_: ()),),
}
"""What looks for the same a second time, and must be blind too before anything is found."""


@pytest.mark.sampled(3)
@pytest.mark.parametrize("case", BLIND)
def test_a_blind_host_is_found_out(
    case: str, world: fuzz.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name, blind, rule = BLIND[case]
    monkeypatch.setattr(module, name, blind)
    for more in BOTH.get(name, ()):
        monkeypatch.setattr(*more)
    assert any(rule in one for one in rules_broken(world))


def test_a_host_that_takes_the_last_word_is_found_out(
    world: fuzz.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, which in (("EXAMINATION", "first"), ("SECOND", "second")):
        with monkeypatch.context() as often:
            often.setattr(lines, name, tuple(replace_times(one) for one in getattr(lines, name)))
            rule = f"the {which}: its lines are not those of an examination"
            assert any(rule in one for one in rules_broken(world))


def replace_times(line: Line) -> Line:
    return replace(line, times=9)


def test_changes_are_repeatable_and_many(world: fuzz.World) -> None:
    seed = fuzz.seeds(world)["honest 1"]
    made = [fuzz.changed(seed, world, number) for number in range(40)]
    assert made == [fuzz.changed(seed, world, number) for number in range(40)]
    assert len(set(made)) > 30
    assert fuzz.changed(b"", world, 1) is not None


def test_blocks_of_any_size_are_heard_alike(world: fuzz.World) -> None:
    number, said, _ = fuzz.unpacked(fuzz.seeds(world)["lie after partials 1"], world)
    reports = [fuzz.host(world.jobs[number], said, block)[0] for block in (1, 77, 1 << 16)]
    assert reports[0] == reports[1] == reports[2]
    assert [one.breach for one in fuzz.host(world.jobs[number], said, 9)[1].heard] == ["", ""]


def test_without_a_guide_it_finds_a_blind_host_too(
    world: fuzz.World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fuzz.run_unguided(1, 3, world, tmp_path) == 0
    assert not (tmp_path / "protocol-last").exists()
    monkeypatch.setattr(second, "without_gaps", _same)
    assert fuzz.run_unguided(60, 3, world, tmp_path) == 1
    again = fuzz.World.read(tmp_path / fuzz.WORLD)
    assert fuzz.broken_rule((tmp_path / "protocol-last").read_bytes(), again)


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel here")
def test_the_branches_of_the_host_guide_it(world: fuzz.World, tmp_path: Path) -> None:
    done = fuzz.run(tmp_path, world, ["-runs=400", "-seed=7", f"-artifact_prefix={tmp_path}/"])
    assert done.returncode == 0, done.stdout + done.stderr
    for module in fuzz.WATCHED:
        assert f"Instrumenting {module}\n" in done.stderr
    branches = re.findall(r"cov: (\d+)", done.stderr)
    assert int(branches[-1]) > 300
    assert re.search(r"^#\d+\s+NEW ", done.stderr, re.MULTILINE)


def test_what_it_finds_is_kept_and_can_be_tried_again(
    world: fuzz.World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    kept = tmp_path / "input"
    kept.write_bytes(fuzz.seeds(world)["second kept away"])
    (tmp_path / fuzz.WORLD).write_bytes(world.kept())
    monkeypatch.setattr("sys.argv", ["protocol_fuzz.py", str(kept)])
    assert fuzz.main() == 0
    monkeypatch.setattr(second, "without_gaps", _same)
    assert fuzz.main() == 1
    assert "it passed, but it lacks" in capsys.readouterr().out
