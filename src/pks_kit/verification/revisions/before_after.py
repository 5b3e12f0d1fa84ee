"""The state before and after one appended revision, and small tools to compare the two."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.pdf.objects import ObjectKey
from pks_kit.verification.file.pdf_values import equal_values

if TYPE_CHECKING:
    from pks_kit.domain.receipt import RecordedPlace
    from pks_kit.verification.report.verdict import RevisionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the profile and the receipt allow to be added.

    Attributes:
        fields: Names of the prepared signature fields that may be filled.
        stamps: Reserved places in which a meterai field may be added.
        areas: Places of signatures; where no field was prepared, one may be added.
    """

    fields: frozenset[str]
    stamps: tuple[RecordedPlace, ...]
    areas: tuple[RecordedPlace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedChange:
    """Something that an appended revision may not do."""

    reason: str
    object: str
    what: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What one revision added and what is wrong with that."""

    kind: RevisionKind | Literal["unsigned"]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    problems: tuple[RefusedChange, ...]


@dataclass(slots=True)
class RevisionDiff:
    """The state before and after one revision, and what has been explained so far.

    Attributes:
        old: pyHanko's view of the file before the revision.
        new: Its view after it.
        refs: Objects that the revision wrote; True when their number could be in use before.
        explained: Those of them that are justified.
        problems: What was refused.
        new_fields: References to fields that were added to the form.
        has_dss: Whether validation material was stored.
    """

    old: Any
    new: Any
    refs: dict[ObjectKey, bool]
    explained: set[ObjectKey] = field(default_factory=set)
    problems: list[RefusedChange] = field(default_factory=list)
    new_fields: list[Any] = field(default_factory=list)
    has_dss: bool = False

    def refuse(self, reason: str, ref: Any, what: str = "", page: int | None = None) -> None:
        """Note a problem with one object."""
        self.problems.append(
            RefusedChange(reason=reason, object=name_of(ref), what=what, page=page)
        )

    def explain(self, key: ObjectKey | None, *, before: ObjectKey | None = None) -> None:
        """Justify an object that is new, or that had the same task before.

        An object with an older number that did something else before stays unexplained: another
        place of the file may show it.
        """
        if key is not None and (not self.refs.get(key, True) or key == before):
            self.explained.add(key)


def name_of(ref: Any) -> str:
    """Return number and generation of a reference or key as text."""
    idnum, generation = ref if isinstance(ref, tuple) else (ref.idnum, ref.generation)
    return f"{idnum} {generation}"


def key_of(value: Any) -> ObjectKey | None:
    """Return the key of an indirect reference; None for direct values."""
    reference = getattr(value, "reference", None)
    return (reference.idnum, reference.generation) if reference is not None else None


def raw_entry(dictionary: Any, entry: str) -> Any:
    """Return an entry with its reference left as it is; None when absent."""
    return dictionary.raw_get(entry) if entry in dictionary else None


def raw_items(dictionary: Any, entry: str) -> list[Any]:
    """Return the raw elements of an array entry, references left as they are."""
    if entry not in dictionary:
        return []
    array = dictionary[entry]
    return [array.raw_get(place) for place in range(len(array))]


def reference_to(scene: RevisionDiff, key: ObjectKey) -> Any:
    """Return a pyHanko reference for a key."""
    from pyhanko.pdf_utils.generic import Reference

    return Reference(key[0], key[1], scene.new)


def changed_entries(before: Any, after: Any) -> set[str]:
    """Return the entries in which two dictionaries differ."""
    return {
        str(entry)
        for entry in set(before) | set(after)
        if not equal_values(raw_entry(before, entry), raw_entry(after, entry))
    }


def touched(scene: RevisionDiff, value: Any) -> bool:
    """Return whether this revision wrote anything inside a value."""
    inside: set[ObjectKey] = set()
    collect(scene, value, inside, only_new=False)
    return bool(inside & set(scene.refs))


def explain_all(scene: RevisionDiff, value: Any, *, before: Any = None) -> None:
    """Explain every object of this revision inside a value.

    Args:
        scene: Before and after.
        value: Raw value in the new state.
        before: Raw value with the same task in the old state; only objects inside it may have
            been replaced, for something else may show any other.
    """
    inside: set[ObjectKey] = set()
    collect(scene, value, inside, only_new=True)
    earlier: set[ObjectKey] = set()
    collect(scene, before, earlier, only_new=False, state=scene.old)
    for key in inside:
        scene.explain(key, before=key if key in earlier else None)


def _value(state: Any, reference: Any) -> Any:
    """Return the object behind a reference; one that is free or missing there is null."""
    there = state.reader.xrefs.get_historical_ref(reference, state.revision)
    return None if there is None else state(reference)


def collect(
    scene: RevisionDiff, value: Any, seen: set[ObjectKey], *, only_new: bool, state: Any = None
) -> None:
    """Collect references below a value of one state (the new one by default).

    Objects that this revision did not write are not entered when ``only_new``.
    """
    state = state or scene.new
    waiting = [value]
    while waiting:
        item = waiting.pop()
        key = key_of(item)
        if key is not None:
            if key in seen or (only_new and key not in scene.refs):
                continue
            seen.add(key)
            item = _value(state, reference_to(scene, key))
        if hasattr(item, "raw_get") and hasattr(item, "keys"):
            waiting += [item.raw_get(entry) for entry in item if entry not in ("/P", "/Parent")]
        elif hasattr(item, "raw_get"):
            waiting += [item.raw_get(place) for place in range(len(item))]
