"""Canonical form and hash: the same for the same facts, another for any others."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pks_kit.ledger.canonical import canonical_json, event_hash, time_from_text, time_text
from pks_kit.ledger.stored import StoredEvent, own_hash

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS
FACTS = st.dictionaries(WORDS, VALUES, max_size=6)
EVENTS = st.fixed_dictionaries(
    {
        "nomor": st.integers(1, 2**53),
        "waktu": st.datetimes(timezones=st.just(UTC)).map(time_text),
        "perjanjian": WORDS,
        "jenis": WORDS,
        "isi": FACTS,
        "unik": st.none() | WORDS,
        "hash_sebelum": st.binary(min_size=32, max_size=32).map(bytes.hex),
    }
)


def test_the_form_is_fixed() -> None:
    """Written out by hand, so that no later change makes old ledgers unreadable."""
    text = (
        '{"hash_sebelum":"' + "0" * 64 + '","isi":{"a":"é\\n","b":1},"jenis":"terbit","nomor":1,'
        '"perjanjian":"P","unik":null,"waktu":"2024-01-02T03:04:05.000006Z"}'
    )
    digest = event_hash(
        nomor=1,
        waktu="2024-01-02T03:04:05.000006Z",
        perjanjian="P",
        jenis="terbit",
        isi={"b": 1, "a": "é\n"},
        unik=None,
        hash_sebelum="0" * 64,
    )
    assert digest == hashlib.sha256(text.encode()).hexdigest()


@given(FACTS, st.randoms())
def test_order_of_keys_does_not_matter(facts: dict[str, Any], chance: Any) -> None:
    keys = list(facts)
    chance.shuffle(keys)
    assert canonical_json({key: facts[key] for key in keys}) == canonical_json(facts)


@given(FACTS)
def test_canonical_form_is_read_and_written_again_unchanged(facts: dict[str, Any]) -> None:
    text = canonical_json(facts)
    assert json.loads(text) == facts
    assert canonical_json(json.loads(text)) == text
    assert "\n" not in text


@settings(max_examples=200)
@given(EVENTS, EVENTS, st.sampled_from(["nomor", "waktu", "perjanjian", "jenis", "isi", "unik"]))
def test_any_other_field_gives_another_hash(
    event: dict[str, Any], other: dict[str, Any], name: str
) -> None:
    changed = event | {name: other[name]}
    same = canonical_json(event) == canonical_json(changed)
    assert (event_hash(**event) == event_hash(**changed)) is same


@given(EVENTS)
def test_stored_rows_give_the_hash_of_the_event(event: dict[str, Any]) -> None:
    columns = event | {"isi": canonical_json(event["isi"]), "hash": ""}
    assert own_hash(StoredEvent(**columns)) == event_hash(**event)


@given(
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)),  # noqa: DTZ001
    st.integers(-23 * 60, 23 * 60),
)
def test_times_survive(moment: datetime, minutes: int) -> None:
    waktu = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    text = time_text(waktu)
    assert len(text) == 27
    assert time_from_text(text) == waktu
