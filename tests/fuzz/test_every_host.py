"""Whatever a host, a proxy or somebody between answers, our parsers say what it means, or `BadAnswer`; nothing else."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.fuzzing import FEW, JSON, READERS, SHAPES, drop, encoded, null, put, read
from tests.hosts.made_payloads import Path, Reader, changed, paths

from pullbridge.errors import BadAnswer

each_shape = pytest.mark.parametrize("reader", SHAPES.values(), ids=SHAPES)
each_reader = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


@each_reader
def test_a_whole_payload_is_read(reader: Reader) -> None:
    """A payload in which nothing is missing is no `BadAnswer`."""
    assert not isinstance(read(reader, encoded(reader.example())), BadAnswer)


@each_reader
def test_what_may_be_missing_may_be_missing(reader: Reader) -> None:
    """N-02: each optional key alone may be absent; without all of them an object may say too little to be one."""
    everything = example = reader.example()
    for spot in reader.spots:
        if spot.may_be_missing:
            reader.read(encoded(changed(example, spot.path, drop)))
            everything = changed(everything, spot.path, drop)
    read(reader, encoded(everything))


@each_reader
def test_what_may_be_null_may_be_null(reader: Reader) -> None:
    """N-03: each nullable place alone, and all of them together, may be null."""
    everything = example = reader.example()
    for spot in reader.spots:
        if spot.may_be_null:
            reader.read(encoded(changed(example, spot.path, null)))
            everything = changed(everything, spot.path, null)
    reader.read(encoded(everything))


@each_reader
def test_unknown_keys_are_ignored(reader: Reader) -> None:
    """N-04: a key that nobody knows, in every object at every level, changes nothing."""
    more = {"zzz_new": {"deep": [1, None, "x"]}, "zzzNew": None}
    assert reader.read(encoded(reader.example(more))) == reader.read(encoded(reader.example()))


@each_reader
@FEW
@given(data=st.data())
def test_any_cut_that_is_allowed_is_read(reader: Reader, data: st.DataObject) -> None:
    """Any mixture of absent keys and nulls, where they are allowed, raises nothing."""
    payload = reader.example()
    for spot in data.draw(st.lists(st.sampled_from(reader.spots), max_size=8)):
        change = data.draw(st.sampled_from([drop] * spot.may_be_missing + [null] * spot.may_be_null))
        payload = changed(payload, spot.path, change)
    reader.read(encoded(payload))


@each_reader
@FEW
@given(data=st.data())
def test_any_damage_is_read_or_a_bad_answer(reader: Reader, data: st.DataObject) -> None:
    """Absent keys, nulls and wrong values anywhere give a value or `BadAnswer`, and never anything else."""
    payload = reader.example()
    for _ in range(data.draw(st.integers(1, 4))):
        places: list[Path] = list(paths(payload))
        if not places:
            break
        path, value = data.draw(st.sampled_from(places)), data.draw(JSON | st.integers(-1, 9))
        payload = changed(payload, path, data.draw(st.sampled_from([drop, null, put(value)])))
    read(reader, encoded(payload))


@each_shape
@FEW
@given(value=JSON)
def test_any_json_is_read_or_a_bad_answer(reader: Reader, value: Any) -> None:
    """JSON that has nothing to do with the payload gives a value or `BadAnswer`."""
    read(reader, encoded(value))


@each_shape
@FEW
@given(body=st.binary(max_size=64), cut=st.integers(0, 10_000))
def test_any_bytes_are_read_or_a_bad_answer(reader: Reader, body: bytes, cut: int) -> None:
    """Noise, and a true answer cut short anywhere, give `BadAnswer` or, if they happen to be right, a value."""
    whole = encoded(reader.example())
    read(reader, body)
    assert isinstance(read(reader, whole[: cut % len(whole)]), BadAnswer)
    read(reader, whole[: cut % len(whole)] + body + whole[cut % len(whole) :])


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"number": 1, "auto_merge": ' + b'{"a":' * 200_000,
        b"\xff\xfe\x00",
        b"<html>Sign in</html>",
        b"\xef\xbb\xbf{}",
        b"",
    ],
    ids=["arrays", "objects", "inner", "utf-16", "html", "bom", "empty"],
)
@each_shape
def test_hostile_bodies_are_bad_answers(reader: Reader, body: bytes) -> None:
    """Nesting without end, other encodings and pages of a proxy are `BadAnswer`, which quotes nothing of them."""
    error = read(reader, body)
    assert isinstance(error, BadAnswer)
    assert "Sign in" not in str(error)


@each_reader
def test_times_are_aware(reader: Reader) -> None:
    """N-09: every time in every value has a zone."""
    times = list(_times(reader.read(encoded(reader.example()))))
    assert all(time.tzinfo is not None for time in times)


def _times(value: Any) -> list[datetime]:
    if isinstance(value, datetime):
        return [value]
    if dataclasses.is_dataclass(value):
        return [time for field in dataclasses.fields(value) for time in _times(getattr(value, field.name))]
    if isinstance(value, tuple | list):
        return [time for item in value for time in _times(item)]
    return []
