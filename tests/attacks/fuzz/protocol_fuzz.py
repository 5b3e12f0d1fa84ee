"""Coverage-guided fuzzing of all that the host reads from a child: ``make fuzz``, ``make prove``.

An input is how both children ended and every byte that they said. What must hold for each: nothing
is raised; nothing passes unless an oracle that shares no code with the host agrees
(:mod:`protocol_oracle`); the second child can read what it is asked; what an honest child told as
failed on the way stays failed; every answer has words and survives its JSON form; and what is kept
and how long it takes is bounded.

``FUZZ_SECONDS`` (60) says how long, ``FUZZ_SEED`` repeats a run. libFuzzer (by ``atheris``) follows
the branches of the host's own modules; half of the inputs are changed as bytes, half as JSON. An
input that breaks a rule is kept in ``FUZZ_OUT``; named as an argument it is tried alone. Where
atheris has no wheel (all but Linux on x86_64) the same changes run without a guide.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import random
import re
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import Any, cast

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

WATCHED = [
    "pks_kit.json_form",
    "pks_kit.verification.isolation.belief",
    "pks_kit.verification.isolation.lines",
    "pks_kit.verification.isolation.parent",
    "pks_kit.verification.isolation.passing",
    "pks_kit.verification.isolation.protocol",
    "pks_kit.verification.isolation.repeated",
    "pks_kit.verification.isolation.second",
    "pks_kit.verification.report.added",
    "pks_kit.verification.report.changes",
    "pks_kit.verification.report.softening",
    "pks_kit.verification.report.verdict",
]
"""Modules whose branches guide the fuzzer."""

if __name__ == "__main__" and "--watched" in sys.argv:
    import atheris

    with atheris.instrument_imports(include=WATCHED):
        from pks_kit.verification.isolation import parent  # noqa: F401

from attacks.fuzz.protocol_oracle import Said, may_pass
from pks_kit.errors import VerificationError
from pks_kit.json_form import from_wire, to_json, to_wire
from pks_kit.messages import known_codes
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.child_request import Ended
from pks_kit.verification.isolation.lines import Listener, lines_of
from pks_kit.verification.isolation.parent import run_guarded
from pks_kit.verification.isolation.protocol import Job
from pks_kit.verification.report.verdict import VerifyReport, read_report

MOST_SECONDS = 10
MOST_MIB = 2048
MOST_INPUT = 200_000
EXIT_CODES = (0, 0, 0, 1, -11, -9, -6, -24)
WORLD = "protocol-world"
"""File beside kept inputs: what was asked when they were found."""

HEAD = 4
"""Bytes before what was said: which job, how each child ended, how their words are cut."""

NEXT = b"\x1e\n"
"""Between what the first child said and what the second one did; no JSON holds it."""

PICTURE_DPI = 4


class BrokenRuleError(AssertionError):
    """An input for which something does not hold that must hold for all."""


@dataclass(frozen=True)
class World:
    """What is asked, and what honest children say about it.

    Attributes:
        jobs: What children are asked.
        honest: For each job the lines of an honest first child.
        second: For each job those of an honest second child.
        failed: For each job the unfinished reports that tell what no rule softens.
    """

    jobs: tuple[Examination, ...]
    honest: tuple[tuple[bytes, ...], ...]
    second: tuple[tuple[bytes, ...], ...]
    failed: tuple[frozenset[bytes], ...]

    def kept(self) -> bytes:
        """Return it for a file; keys and times are others in each run, so inputs need theirs."""
        return pickle.dumps((self.jobs, self.honest, self.second, self.failed))

    @classmethod
    def read(cls, path: Path) -> World:
        """Return what :meth:`kept` wrote."""
        jobs, honest, second, failed = pickle.loads(path.read_bytes())  # noqa: S301 - our own
        return cls(jobs=jobs, honest=honest, second=second, failed=failed)

    def sha256(self, number: int) -> str:
        """Return the hash of the file of a job."""
        return hashlib.sha256(self.jobs[number].content).hexdigest()


def make_world() -> World:
    """Ask honest children: of a sound file, of a changed one, with and without knowledge."""
    from pks_kit.pipelines.verifying.policies import policy_in_force
    from support import signed_files, tamper, third_party_pdfs
    from support.judging import LATER, job

    start, *_, done = signed_files.signed_steps()
    bad = tamper.replaced_byte(done, 2000)
    receipt = signed_files.receipt_beside(start)
    foreign = third_party_pdfs.signed(third_party_pdfs.base())
    jobs = (
        job(done, issued=start, receipt=receipt),
        job(bad, issued=start, receipt=receipt),
        job(bad),
        job(foreign),
        replace(job(done), policy=policy_in_force("umum", LATER.date())),
    )
    told = [honest_lines(one) for one in jobs]
    return World(
        jobs=jobs,
        honest=tuple(lines for lines, *_ in told),
        second=tuple(second for _, second, _ in told),
        failed=tuple(failed for *_, failed in told),
    )


def honest_lines(
    job: Examination,
) -> tuple[tuple[bytes, ...], tuple[bytes, ...], frozenset[bytes]]:
    """Return what both honest children say, and which lines of the first tell a lasting failure."""
    from pks_kit.verification.examine import examine, prove
    from pks_kit.verification.isolation.child import look_again_at
    from pks_kit.verification.isolation.kernel.isolation import Isolation
    from pks_kit.verification.isolation.protocol import Answers, SecondHead, encode_answer, fitting

    ready = Answers(ready=Isolation())
    ranges = prove(job)
    said = [ready, Answers(signed=ranges.facts)]
    report = examine(job, lambda so_far: said.append(Answers(partial=so_far)), ranges)
    stored = fitting(ranges.stored) if ranges.has_open_chains else ()
    said += [Answers(stored=stored)] if ranges.has_open_chains else []
    said.append(Answers(report=report))
    again = look_again_at(job, SecondHead(report=report, stored=stored), PICTURE_DPI)
    final = {(one.code, one.reason, one.field) for one in report.checks if one.status == "failed"}
    failed = frozenset(
        encode_answer(one).rstrip()
        for one in said
        if one.partial is not None
        and any((c.code, c.reason, c.field) in final for c in one.partial.checks)
    )
    first, second = (tuple(encode_answer(one).rstrip() for one in all_of)
                     for all_of in (said, (ready, *again)))  # fmt: skip
    return first, second, failed


def seeds(world: World) -> dict[str, bytes]:
    """Return inputs to start from: honest ones, and lies about the file that was changed."""
    found: dict[str, bytes] = {}
    sound = _without_partials(world.honest[0])
    words = world.second[0]
    for number, (lines, again) in enumerate(zip(world.honest, world.second, strict=True)):
        short = _without_partials(lines)
        found[f"honest {number}"] = packed(number, lines, again)
        found[f"short {number}"] = packed(number, short, again)
        found[f"dead {number}"] = packed(number, short, again, end=4)
        found[f"late {number}"] = packed(number, short[:1], end=128)
        found[f"twice {number}"] = packed(number, [*short[:3], *short[2:]], again)
        found[f"second dead {number}"] = packed(number, short, again, second_end=4)
        found[f"second late {number}"] = packed(number, short, again[:1], second_end=128)
        found[f"second silent {number}"] = packed(number, short, again[:1])
        found[f"second twice {number}"] = packed(number, short, [*again[:2], *again[1:]])
    old, new = world.jobs[0], world.jobs[1]
    for number in (1, 2):
        lie = [_about(line, old, world.jobs[number]) for line in sound]
        found[f"lie {number}"] = packed(number, lie, words)
        partials = [one for one in world.honest[number] if one.startswith(b'{"partial"')]
        found[f"lie after partials {number}"] = packed(
            number, [*lie[:2], *partials, *lie[2:]], words
        )
        found[f"lie after truth {number}"] = packed(
            number, [*world.honest[number], *lie[2:]], words
        )
    report = json.loads(_about(sound[-1], old, new))
    one = {"code": "file.size", "reason": "within", "status": "passed", "evidence": "file"}
    report["report"]["checks"] = [one | {"params": {}, "details": {}}]
    found["one check"] = packed(1, [*sound[:2], _line(report)], words)
    told = json.loads(sound[-1])["report"]
    told["checks"].append(one | {"reason": "too_large", "status": "failed"})
    gone = _line({"partial": told})
    found["taken away"] = packed(0, [*sound[:-1], gone, sound[-1]], words)
    elsewhere = _line({"partial": told | {"kit_version": "0"}})
    found["taken away from another"] = packed(0, [*sound[:-1], elsewhere, sound[-1]], words)
    silent, nowhere = json.loads(sound[-1]), json.loads(sound[-1])
    present = [check["code"] for check in silent["report"]["checks"]].index("parties.present")
    del silent["report"]["checks"][present]
    found["step unanswered"] = packed(0, [*sound[:-1], _line(silent)], words)
    nowhere["report"]["signatures"][2]["place"] = ""
    found["step nowhere"] = packed(0, [*sound[:-1], _line(nowhere)], words)
    kept_away = json.loads(sound[-1])
    kept_away["report"]["notes"].append({"code": "stopped_early", "params": {}})
    found["second kept away"] = packed(
        0, [*sound[:-1], _line(kept_away)], [words[0], b'{"added":{}}']
    )
    found["second unasked"] = packed(0, [*sound[:-1], _line(kept_away)])
    answers = json.loads(sound[-1])
    answers["report"]["checks"] += json.loads(words[1])["added"]["checks"]
    found["answered for the second"] = packed(0, [*sound[:-1], _line(answers)], words)
    again = [words[0], sound[1], *words[1:]]
    stored = b'{"stored":["3000"]}'
    found["proven again"] = packed(0, [*sound[:-1], stored, sound[-1]], again)
    found["not proven again"] = packed(0, [*sound[:-1], stored, sound[-1]], words)
    found["no facts"] = packed(0, [sound[0], sound[-1]], words)
    return found


def _without_partials(lines: tuple[bytes, ...]) -> list[bytes]:
    return [line for line in lines if not line.startswith(b'{"partial"')]


def _line(said: Any) -> bytes:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


def _about(line: bytes, was: Examination, now: Examination) -> bytes:
    old, new = (hashlib.sha256(one.content).hexdigest().encode() for one in (was, now))
    return line.replace(b'"file":{"sha256":"' + old, b'"file":{"sha256":"' + new)


def packed(
    number: int, first: Any, second: Any = (), *, end: int = 0, second_end: int = 0
) -> bytes:
    """Return an input: a job, how the children ended, and their lines."""
    head = bytes([number, end, second_end, 255])
    return head + _joined(first) + NEXT + _joined(second)


def unpacked(data: bytes, world: World) -> tuple[int, tuple[Said, Said], int]:
    """Return which job, what both children said, and how large the blocks are in which it comes."""
    number, *ends, block = data[:HEAD].ljust(HEAD, b"\0")
    first, _, second = data[HEAD:].partition(NEXT)
    one, other = (
        Said(output=said, exit_code=EXIT_CODES[end % len(EXIT_CODES)], late=bool(end & 128))
        for said, end in zip((first, second), ends, strict=True)
    )
    return number % len(world.jobs), (one, other), 1 + block * 256


@dataclass
class Guard:
    """Stands for the guard: its children say what an input says.

    Attributes:
        said: What the first and the second child say.
        block: How large the blocks are in which it comes.
        heard: Who listened to them, as far as they were asked.
    """

    said: tuple[Said, Said]
    block: int
    lacking: str = ""
    heard: list[Listener] = field(default_factory=list)

    def ask(self, job: Job, _: Any) -> Ended:
        """Do what a child is asked for, as the guard does."""
        assert from_wire(Job, to_wire(job)) == job  # else it could not be asked
        said = self.said[0 if job.second is None else 1]
        listener = Listener(lines_of(job))
        self.heard.append(listener)
        for start in range(0, len(said.output), self.block):
            if not listener.take(said.output[start : start + self.block]):
                break
        listener.end(by_itself=said.exit_code == 0 and not said.late)
        return Ended(
            lines=tuple(listener.lines),
            breach=listener.breach,
            exit_code=said.exit_code,
            late=said.late,
        )


def host(job: Examination, said: tuple[Said, Said], block: int) -> tuple[VerifyReport, Guard]:
    """Do what the host does with it.

    Raises:
        VerificationError: ``verify.no_child``, when a child did not begin.
    """
    guard = Guard(said, block)
    return run_guarded(job, picture_dpi=PICTURE_DPI, pool=cast("Any", guard)).report, guard


def broken_rule(data: bytes, world: World) -> str:
    """Try one input and say which rule does not hold; empty when all do."""
    number, said, block = unpacked(data, world)
    job = world.jobs[number]
    try:
        report, guard = host(job, said, block)
    except VerificationError as error:
        begun = [b"\n" in one.output or one.late for one in said]  # a whole line was said
        return f"it raised {error}" if error.code != "verify.no_child" or all(begun) else ""
    if report.verdict == "passed":
        doubt = may_pass(job, *said)
        if doubt:
            return f"it passed, but {doubt}"
    elif number in (0, 4) and said == _honest(world, number):
        return "honest children were not believed"
    honest = takewhile(world.honest[number].__contains__, guard.heard[0].lines)
    if world.failed[number].intersection(honest) and report.verdict != "failed":
        return "what failed on the way vanished"
    if report.sha256 != world.sha256(number) or report.file.size != len(job.content):
        return "it is about another file"
    for one in (*report.checks, *report.notes):
        words = one.message
        if not (words.id.strip() and words.en.strip()):
            return f"{one.code} has no words"
    shown = to_json(report)
    if to_json(read_report(json.dumps(shown))) != shown:
        return "the answer does not survive its JSON form"
    return ""


def _honest(world: World, number: int) -> tuple[Said, Said]:
    return Said(_joined(world.honest[number])), Said(_joined(world.second[number]))


def _joined(lines: Any) -> bytes:
    return b"".join(line + b"\n" for line in lines)


# --- other inputs --------------------------------------------------------------------------------

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**63, 10**40, 1.5, float("nan"), float("inf"), "", "x", "0" * 64,
    "passed", "failed", "indeterminate", "file", "visual", "cryptographic", "umum", "sip",
    "pks_final_elektronik", "pks_final_manual", "<script>", "x" * 70_000, [], {}, [[]], {"a": 1},
    ["x"] * 5, "file.answers", "issued.ledger", "signature.revocation", "meterai.unique", "bought",
)  # fmt: skip

CODES = [
    code.split(".")[1:]
    for code in sorted(known_codes())
    if code.startswith("check.") and code.count(".") == 3
]


def changed(data: bytes, world: World, number: int) -> bytes:
    """Change an input as lines of JSON; the same number does the same."""
    chance = random.Random(number)  # noqa: S311 - repeatable, nothing secret
    head, lines = data[:HEAD], data[HEAD:].split(b"\n")
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(lines))
        act = chance.randrange(9)
        if act == 0:
            lines.insert(place, chance.choice(lines))
        elif act == 1 and len(lines) > 1:
            del lines[place]
        elif act == 2:
            lines.insert(place, chance.choice(chance.choice((*world.honest, *world.second))))
        elif act == 3:
            other = chance.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]
        else:
            change = _other_value if act < 7 else _other_entry
            lines[place] = _rewritten(lines[place], chance, change)
    if chance.randrange(8) == 0:
        head = bytes(chance.randrange(256) for _ in range(HEAD))
    return head + b"\n".join(lines)


def _rewritten(line: bytes, chance: random.Random, change: Any) -> bytes:
    """Change a line as JSON; one that is none, or can be written no more, stays."""
    try:
        said = json.loads(line)
        change(said, chance)
        return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")
    except (ValueError, RecursionError):  # also when a value was put into itself
        return line


def _other_value(said: Any, chance: random.Random) -> None:
    """Put another value, or one from elsewhere in the line, somewhere into a line."""
    places = list(_places(said))
    if not places:
        return
    inside, step = chance.choice(places)
    act = chance.randrange(5)
    if act == 0:
        del inside[step]
    elif act == 1:
        other, there = chance.choice(places)
        inside[step] = other[there]
    elif act == 2 and isinstance(inside, list):
        inside.insert(chance.randrange(len(inside) + 1), inside[step])
    elif act == 3:
        for where, key in places:
            if key == "status":
                where[key] = "passed"
    else:
        inside[step] = chance.choice(VALUES)


def _other_entry(said: Any, chance: random.Random) -> None:
    """Take an entry out of a list of a report, or of what is added, or give it one more check."""
    found = (
        [said.get(name) for name in ("report", "partial", "added")]
        if isinstance(said, dict)
        else []
    )
    report = next((one for one in found if isinstance(one, dict)), None)
    if report is None:
        return
    filled = [one for one in report.values() if isinstance(one, list) and one]
    act = chance.randrange(4)
    if act and filled:
        entries = chance.choice(filled)
        del entries[chance.randrange(len(entries))]
    elif isinstance(report.get("checks"), list):
        area, question, reason = chance.choice(CODES)
        evidence = chance.choice(("file", "cryptographic", "visual"))
        check = {"code": f"{area}.{question}", "reason": reason, "evidence": evidence}
        report["checks"].append(check | {"status": "passed", "params": {}, "details": {}})


def _places(value: Any, depth: int = 0) -> Any:
    if depth > 8:
        return
    steps = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for step in list(steps):
        yield value, step
        yield from _places(value[step], depth + 1)


# --- running -------------------------------------------------------------------------------------


def watch(world: World, arguments: list[str]) -> None:
    """Let libFuzzer run in this process, which it ends."""

    def try_one(data: bytes) -> None:
        rule = broken_rule(data, world)
        if rule:
            raise BrokenRuleError(rule)

    def mutate(data: bytes, most: int, number: int) -> bytes:
        made = changed(data, world, number) if number % 2 else atheris.Mutate(data, len(data) + 64)
        return bytes(made[:most])

    atheris.Setup([sys.argv[0], *arguments], try_one, custom_mutator=mutate)
    atheris.Fuzz()


def run(folder: Path, world: World, options: list[str]) -> subprocess.CompletedProcess[str]:
    """Fuzz in a process of its own, which starts with the modules watched."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for number, seed in enumerate(seeds(world).values()):
        (corpus / f"{number:03}").write_bytes(seed)
    kept = folder / "world"
    kept.write_bytes(world.kept())
    limits = [f"-timeout={MOST_SECONDS}", f"-rss_limit_mb={MOST_MIB}", f"-max_len={MOST_INPUT}"]
    return subprocess.run(
        [sys.executable, __file__, "--watched", str(kept), *limits, *options, str(corpus)],
        capture_output=True,
        text=True,
        check=False,
    )


def run_unguided(seconds: float, seed: int, world: World, out: Path) -> int:
    """Try changed seeds for some seconds; keep what breaks a rule, and return an exit code."""
    ends, chance, count = time.monotonic() + seconds, random.Random(seed), 0  # noqa: S311
    known = list(seeds(world).values())
    (out / WORLD).write_bytes(world.kept())
    while time.monotonic() < ends:
        data = chance.choice(known)
        for _ in range(chance.randint(1, 4)):
            data = changed(data, world, chance.randrange(2**32))
        (out / "protocol-last").write_bytes(data)  # an exception keeps it too
        rule = broken_rule(data, world)
        count += 1
        if rule:
            print(f"{rule}: {out / 'protocol-last'}")
            return 1
    (out / "protocol-last").unlink(missing_ok=True)
    print(f"{count} inputs, without a guide (no atheris here); nothing found")
    return 0


def main() -> int:
    """Fuzz as the environment says, or try the inputs that are named; return an exit code."""
    if sys.argv[1:2] == ["--watched"]:
        watch(World.read(Path(sys.argv[2])), sys.argv[3:])
        return 0
    if len(sys.argv) > 1:
        found = [Path(name) for name in sys.argv[1:]]
        world = World.read(found[0].parent / WORLD)
        rules = [broken_rule(one.read_bytes(), world) for one in found]
        print("\n".join(rule or "nothing found" for rule in rules))
        return 1 if any(rules) else 0
    world = make_world()
    seconds = float(os.environ.get("FUZZ_SECONDS", "60"))
    seed = int(os.environ.get("FUZZ_SEED", "") or 1 + secrets.randbelow(2**31))
    out = Path(os.environ.get("FUZZ_OUT", "keluaran/fuzz")).resolve()
    out.mkdir(parents=True, exist_ok=True)
    print(f"fuzzing the protocol for {seconds:g} s; repeat with FUZZ_SEED={seed}", flush=True)
    if find_spec("atheris") is None:
        return run_unguided(seconds, seed, world, out)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        options = [f"-max_total_time={max(1, round(seconds))}", f"-seed={seed}"]
        done = run(Path(folder), world, [*options, f"-artifact_prefix={out}/protocol-"])
    if done.returncode:
        (out / WORLD).write_bytes(world.kept())
        print(done.stdout[-6000:], done.stderr[-2000:])
        return 1
    last = re.findall(r"#(\d+)\s+DONE\s+cov: (\d+) ft: (\d+) corp: (\d+)", done.stderr)
    inputs, branches, features, corpus = last[-1]
    print(
        f"{inputs} inputs in {time.monotonic() - began:.0f} s, {branches} branches and {features} "
        f"features seen, {corpus} inputs kept; nothing found"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
