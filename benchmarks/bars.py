"""The bars of the work on speed, each one figure of a run, and how a run is shown as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

Run = dict[str, Any]
"""What ``speed.py`` writes as JSON; see there."""

MEASURED_AT_LEAST = 5
"""Fewest measurements of a figure that a bar is judged by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar.

    Attributes:
        what: What is compared, in words.
        kind: ``ratio``: seconds of ours by seconds of the peer for the same agreement, or
            ``seconds``, ``mebibytes``.
        ours: Name of our figure.
        peer: Name of the other figure; empty without one.
        most: What the figure may be at most.
        full: Agreements that the bar speaks of; a smaller run only tells where it stands.
    """

    what: str
    kind: Literal["ratio", "seconds", "mebibytes"]
    ours: str
    peer: str = ""
    most: float
    full: int = 0


BARS = (
    Bar(
        what="warm draft (PDF, receipt) / WeasyPrint in one pass, same HTML",
        kind="ratio", ours="draft", peer="weasyprint", most=1 / 40,
    ),
    Bar(
        what="cold `draft` command (PDF) / WeasyPrint in one pass",
        kind="ratio", ours="cold_draft", peer="weasyprint", most=1 / 8,
    ),
    Bar(
        what="warm draft with DOCX / docxtpl + LibreOffice, batch of 3",
        kind="ratio", ours="draft_docx", peer="libreoffice", most=1 / 10,
    ),
    Bar(
        what="warm draft with DOCX / Typst warm, a file per bagian",
        kind="ratio", ours="draft_docx", peer="typst", most=1 / 2,
    ),
    Bar(
        what="whole signing step, RSA-2048 / pyHanko `sign_pdf`, key loaded",
        kind="ratio", ours="step_rsa", peer="sign_pdf_rsa", most=1 / 5,
    ),
    Bar(
        what="whole signing step, P-256 / pyHanko `sign_pdf`, key loaded",
        kind="ratio", ours="step_p256", peer="sign_pdf_p256", most=1 / 3,
    ),
    Bar(
        what="verification, known issued bytes / pyHanko's own validation",
        kind="ratio", ours="verify", peer="validate", most=1 / 10,
    ),
    Bar(
        what="verification without issued bytes / pyHanko's own validation",
        kind="ratio", ours="verify_alone", peer="validate", most=1.0,
    ),
    Bar(
        what="draft + 2 signatures + 2 stamps + ledger events + verification, CPU s",
        kind="seconds", ours="whole", most=0.25, full=100,
    ),
    Bar(what="peak memory of a worker, MiB", kind="mebibytes", ours="peak", most=250, full=1000),
    Bar(what="cold `--help`, CPU s", kind="seconds", ours="cold_help", most=0.15),
    Bar(
        what="cold `verify` of a small unsigned file, CPU s",
        kind="seconds", ours="cold_verify", most=0.4,
    ),
    Bar(
        what="cold `verify` of a small signed file above importing pyHanko's validation, CPU s",
        kind="seconds", ours="cold_verify_signed_above_import", most=0.5,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A bar and what a run says about it.

    Attributes:
        bar: The bar.
        figure: The figure; None when it was not measured.
        count: By how many measurements.
        answer: ``met``, ``not met``, or why neither is said.
    """

    bar: Bar
    figure: float | None
    count: int
    answer: str


def judge(run: Run) -> list[Judged]:
    """Return what a run says about every bar."""
    return [_judged(bar, run) for bar in BARS]


def _judged(bar: Bar, run: Run) -> Judged:
    if bar.kind == "mebibytes":
        figures = [run["peak_mib"]["worker"]]
    elif bar.kind == "seconds":
        figures = list(_figures(run, bar.ours).values())
    else:
        figures = _ratios(_figures(run, bar.ours), _figures(run, bar.peer))
    if not figures:
        why = run["missing"].get(bar.peer, "not measured")
        return Judged(bar=bar, figure=None, count=0, answer=why)
    figure = median(figures)
    agreements = run["agreements"] if bar.kind == "mebibytes" else len(figures)
    answer = "met" if figure <= bar.most else "not met"
    few = len(figures) < MEASURED_AT_LEAST and bar.kind != "mebibytes"
    if few or (answer == "met" and agreements < bar.full):
        answer += f", after {agreements} only"
    return Judged(bar=bar, figure=figure, count=agreements, answer=answer)


def _ratios(ours: dict[str, float], theirs: dict[str, float]) -> list[float]:
    """Return the ratio of each agreement that both did, or of the medians when they share none."""
    both = sorted(set(ours) & set(theirs))
    if both:
        return [ours[name] / theirs[name] for name in both]
    if not ours or not theirs:
        return []
    return [one / median(theirs.values()) for one in ours.values()]


def _figures(run: Run, name: str) -> dict[str, float]:
    """Return the seconds of a figure by agreement."""
    found: dict[str, float] = run["figures"].get(name, {})
    return found


def table(run: Run) -> str:
    """Return the bars and the figures of a run as two Markdown tables."""
    return "\n".join((*_bar_rows(run), "", *_figure_rows(run)))


def _bar_rows(run: Run) -> Iterator[str]:
    yield "| bar | at most | measured | by | |"
    yield "|---|---|---|---|---|"
    for one in judge(run):
        most, figure = _shown(one.bar, one.bar.most), "–"
        if one.figure is not None:
            figure = _shown(one.bar, one.figure)
        yield f"| {one.bar.what} | {most} | {figure} | {one.count} | {one.answer} |"


def _shown(bar: Bar, figure: float) -> str:
    if bar.kind == "mebibytes":
        return f"{figure:.0f}"
    if bar.kind == "seconds":
        return f"{figure:.3f}"
    return f"1/{1 / figure:.1f}" if figure < 1 else f"{figure:.2f}"


def _figure_rows(run: Run) -> Iterator[str]:
    yield "| figure | CPU s, median | least | most | measured |"
    yield "|---|---|---|---|---|"
    for name, words in FIGURES.items():
        values = _figures(run, name).values()
        if values:
            low, high = min(values), max(values)
            yield f"| {words} | {median(values):.3f} | {low:.3f} | {high:.3f} | {len(values)} |"
        else:
            why = run["missing"].get(name, ABSENT.get(name, "not measured"))
            yield f"| {words} | – | – | – | {why} |"


FIGURES = {
    "draft_all": "draft (PDF, receipt), all kinds and methods",
    "sign": "two signatures and two stamps with their ledger events (`sign_all`)",
    "verify": "verification with the issued bytes, in the worker that issued them",
    "whole": "**the three together**, agreements signed electronically",
    "extend": "beside: archive (`extend`)",
    "jejaring": "beside: a signature of a member of the network",
    "pengguna": "beside: a signature of a user",
    "verify_alone": "verification without issued bytes, in a worker that never saw them",
    "draft": "draft (PDF, receipt) of the agreements that peers do",
    "draft_docx": "draft with DOCX of the agreements that peers do",
    "step_rsa": "first signing step, RSA-2048",
    "step_p256": "first signing step, P-256",
    "weasyprint": "peer: WeasyPrint in one pass",
    "libreoffice": "peer: docxtpl + LibreOffice, per agreement in a batch of 3",
    "typst": "peer: Typst warm",
    "sign_pdf_rsa": "peer: pyHanko `sign_pdf`, RSA-2048",
    "sign_pdf_p256": "peer: pyHanko `sign_pdf`, P-256",
    "validate": "peer: pyHanko's own validation, four signatures",
    "pdfsig": "peer: `pdfsig -nocert`, whole process",
    "cold_draft": "command `draft --format pdf`",
    "cold_help": "command `--help`",
    "cold_verify": "command `verify`, small unsigned file",
    "cold_verify_signed": "command `verify`, small signed file",
    "cold_import": "bare import of pyHanko's validation",
    "cold_compile": "command `template compile`, all kinds and methods",
}
ABSENT = {
    "jejaring": "no text has such a place: they sign sheets of their own",
    "pengguna": "no text has such a place: they sign sheets of their own",
    "cold_compile": "everything was compiled before",
}
