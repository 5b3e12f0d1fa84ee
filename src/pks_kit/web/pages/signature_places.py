"""The places of an agreement for hands and stamps, each with whether something stands there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pks_kit.domain.tanda_tangan import signs_electronically


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place.

    Attributes:
        kind: What belongs there.
        party: Role whose place it is.
        name: Who signs.
        office: That person's office.
        page: Page of the document.
        electronic: Whether it is put into the file, not onto paper.
        done: When it was done; empty while it is not.
        by: Who did it, as the certificate tells; or the number of the meterai.
        paper: What paper that came back shows of it (``signed``, ``empty``, ``unsure``,
            ``missing``), ``back`` where that is not known; empty when none came back.
    """

    kind: str
    party: str
    name: str
    office: str
    page: int
    electronic: bool
    done: str
    by: str
    paper: str

    @property
    def waits(self) -> bool:
        """Return whether somebody must still do it."""
        return not self.done and self.paper not in ("signed", "back")


def places_of(
    seen: dict[str, Any], method: str, on_paper: Mapping[str, str] | None = None
) -> list[Place]:
    """Return the places for signatures and meterai.

    Args:
        seen: What the task ``muka`` tells.
        method: Method of contracting.
        on_paper: What the scan that was judged last shows at places that are not filled, by
            name; None when nobody knows.
    """
    steps = seen["langkah"] or {}
    done = {
        (one["kind"], one["role"]): (one["time"], one.get("sn") or one.get("signer") or "")
        for one in steps.get("done", ())
    }
    paper = list(steps.get("paper") or ())
    verdict = str(paper[-1].get("verdict", "")) if paper else ""
    if on_paper is not None:
        decided = seen["diputuskan"]
        on_paper = {
            name: decided.get(name, what) if what == "unsure" else what
            for name, what in on_paper.items()
        }
    return list(_placed(seen["tempat"], method, done, verdict, on_paper))


def _placed(
    places: list[dict[str, Any]],
    method: str,
    done: dict[tuple[str, str], tuple[str, str]],
    verdict: str,
    on_paper: Mapping[str, str] | None,
) -> Iterable[Place]:
    for one in places:
        if one["jenis"] not in ("tanda_tangan", "meterai"):
            continue
        electronic = (one["cara"] or _by_method(one["peran"], method)) == "electronic"
        main = electronic and one["kode"] == one["peran"]
        when, by = done.get((one["jenis"], one["peran"]), ("", "")) if main else ("", "")
        yield Place(
            kind=one["jenis"],
            party=one["peran"],
            name=one["nama"],
            office=one["jabatan"],
            page=one["halaman"],
            electronic=electronic,
            done=when,
            by=by,
            paper="" if electronic else _on_paper(one, verdict, on_paper),
        )


def _on_paper(one: dict[str, Any], verdict: str, on_paper: Mapping[str, str] | None) -> str:
    if not verdict or verdict == "complete":
        return verdict and "signed"
    if on_paper is None:
        return "back"
    begins = "TTD" if one["jenis"] == "tanda_tangan" else "METERAI"
    return on_paper.get(f"{begins}_{one['kode'].upper()}", "signed")


def _by_method(role: str, method: str) -> str:
    return "electronic" if signs_electronically(role, method) else "pen"
