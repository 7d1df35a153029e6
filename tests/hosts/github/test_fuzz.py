"""Whatever a host, a proxy or somebody between answers, our parsers say what it means, or `BadAnswer`; nothing else."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hosts.github.made_payloads import BESIDE, Path, Reader, changed, paths, readers

from pullbridge.errors import BadAnswer, BridgeError
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import errors, payloads, wire
from pullbridge.model.pulls import PullState

READERS = {reader.name: reader for reader in readers()}
#: One converter for each shape: where the body cannot be decoded, the converters of a shape do not differ.
SHAPES = {str(reader.shape): reader for reader in READERS.values()}
each_shape = pytest.mark.parametrize("reader", SHAPES.values(), ids=[reader.name for reader in SHAPES.values()])
each_reader = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

JSON_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 10**40, 0, -1])
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["", "\ud800", "\udfff\ud800", "\x00", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60Z", "2026-01-02"]
    )
)
JSON = st.recursive(
    JSON_LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8
)


def encoded(value: Any) -> bytes:
    """Write JSON as a careless server would: lone surrogates as `\\ud800`, `NaN` and `Infinity` as words."""
    return json.dumps(value).encode()


def read(reader: Reader, body: bytes) -> Any:
    """Read a body; any error other than `BadAnswer` is the test's failure."""
    try:
        return reader.read(body)
    except BadAnswer as error:
        return error


def test_the_converters_are_found() -> None:
    """The tests here speak of every converter: of pull requests, threads, reviews, files, commits and merging."""
    names = {name.partition("(")[0] for name in READERS}
    assert {"pull", "graph_pull", "thread", "review", "file_change", "commit", "comparison", "mergeability"} <= names


@each_reader
def test_a_whole_payload_is_read(reader: Reader) -> None:
    """A payload in which nothing is missing is no `BadAnswer`."""
    assert not isinstance(read(reader, encoded(reader.example())), BadAnswer)


@each_reader
def test_what_may_be_missing_may_be_missing(reader: Reader) -> None:
    """N-02: each optional key alone, and all of them together, may be absent."""
    everything = example = reader.example()
    for spot in reader.spots:
        if spot.may_be_missing:
            reader.read(encoded(changed(example, spot.path, _drop)))
            everything = changed(everything, spot.path, _drop)
    reader.read(encoded(everything))


@each_reader
def test_what_may_be_null_may_be_null(reader: Reader) -> None:
    """N-03: each nullable place alone, and all of them together, may be null."""
    everything = example = reader.example()
    for spot in reader.spots:
        if spot.may_be_null:
            reader.read(encoded(changed(example, spot.path, _null)))
            everything = changed(everything, spot.path, _null)
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
        change = data.draw(st.sampled_from([_drop] * spot.may_be_missing + [_null] * spot.may_be_null))
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
        payload = changed(payload, path, data.draw(st.sampled_from([_drop, _null, _put(value)])))
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


@FEW
@given(
    body=st.binary(max_size=64) | JSON.map(encoded), status=st.sampled_from([400, 401, 403, 404, 409, 410, 422, 500])
)
def test_any_refusal_becomes_an_error(body: bytes, status: int) -> None:
    """A refusal's body may be anything: it becomes one of the library's errors, and never breaks the reading of it."""
    asked = Asked(what="pull request 7", write=True)
    assert isinstance(errors.failure(status, {}, body, asked), BridgeError)


@FEW
@given(problems=st.lists(JSON, max_size=3), data=JSON)
def test_any_errors_of_graphql_become_an_error(problems: list[Any], data: Any) -> None:
    """Whatever GraphQL's `errors` hold, they are unreadable, or they become one of the library's errors."""
    asked = Asked(what="pull request 7", write=True)
    try:
        answer = payloads.decode(encoded({"data": data, "errors": problems}), payloads.GraphAnswer[Any], "it")
    except BadAnswer:
        return
    if answer.errors:
        assert isinstance(errors.graph_failure(answer.errors, asked), BridgeError)


@pytest.mark.parametrize(
    "kind", ["NOT_FOUND", "FORBIDDEN", "STALE_DATA", "INSUFFICIENT_SCOPES", "NEVER_SEEN", "", None]
)
def test_each_kind_of_graphql_error_becomes_an_error(kind: str | None) -> None:
    """A known kind, an unknown one and none at all: each is one of the library's errors, with the message's words or its own."""
    body = encoded(
        {"data": None, "errors": [{"type": kind, "message": "Could not resolve ['repo']", "path": ["a", 0]}]}
    )
    problems = payloads.decode(body, payloads.GraphAnswer[Any], "it").errors
    assert problems
    error = errors.graph_failure(problems, Asked(what="pull request 7"))
    assert isinstance(error, BridgeError)
    assert str(error)


def _pull(**facts: Any) -> bytes:
    reader = READERS["pull(RestPull)"]
    return encoded({**reader.example(), **facts})


@pytest.mark.parametrize("word", ["locked", "", "MERGED?", "\u202e"])
def test_an_unknown_state_is_kept(word: str) -> None:
    """N-01: a state that we have not met raises nothing, is kept as it is, and counts as open."""
    pull = READERS["pull(RestPull)"].read(_pull(state=word, merged_at=None))
    assert (pull.state, pull.raw_state) == (PullState.OPEN, word)


def test_a_fork_that_is_gone_leaves_the_rest_usable() -> None:
    """N-05: with `head.repo` null the source has no repository, and everything else is there."""
    payload = payloads.decode(
        _pull(head={"ref": "fix", "sha": "c" * 40, "repo": None}, state="open", merged_at=None), payloads.RestPull, "it"
    )
    pull = wire.pull(payload, BESIDE["ref"])  # type: ignore[arg-type]  # the values beside have different types
    assert pull.source.repository is None
    assert (pull.number, pull.state, pull.source.name, pull.source.commit) == (7, PullState.OPEN, "fix", "c" * 40)
    assert pull.target.repository is not None


def test_a_commit_by_nobody_known_has_no_author() -> None:
    """GitHub answers an empty object (`empty-object` in its OpenAPI document) where no account has the commit's address."""
    reader = READERS["commit(RestCommit)"]
    commit = reader.read(encoded({**reader.example(), "author": {}}))
    assert commit.author is None
    assert commit.author_name == "some name"


def test_any_lines_make_an_anchor() -> None:
    """A thread's four line numbers and two sides, in any mixture, raise nothing and never make an impossible range."""
    reader = READERS["thread(GraphThread)"]
    numbers, sides = (None, -1, 0, 3, 5, 2**31), ("LEFT", "RIGHT", None)
    for lines in itertools.product(numbers, repeat=4):
        for side, start_side in itertools.product(sides, repeat=2):
            keys = ("line", "startLine", "originalLine", "originalStartLine", "diffSide", "startDiffSide")
            payload = {"id": "T", "path": "a.py", "comments": {"nodes": []}, "isOutdated": False, "subjectType": "LINE"}
            thread = reader.read(encoded({**payload, **dict(zip(keys, (*lines, side, start_side), strict=True))}))
            for anchor in (thread.anchor, thread.current):
                assert anchor is None or anchor.is_file or anchor.start_side or anchor.start <= anchor.end


@each_reader
def test_times_are_aware(reader: Reader) -> None:
    """N-09: every time in every value has a zone."""
    times = list(_times(reader.read(encoded(reader.example()))))
    assert all(time.tzinfo is not None for time in times)


@pytest.mark.parametrize("written", ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05", "2026-01-02T05:04:05+02:00"])
def test_times_are_the_same_moment_however_written(written: str) -> None:
    """N-09: in UTC, as all of GitHub's are; without a zone that is what is meant, and another zone is the same moment."""
    pull = READERS["pull(RestPull)"].read(_pull(created_at=written))
    assert pull.created_at == datetime.fromisoformat("2026-01-02T03:04:05+00:00")
    assert pull.created_at.tzinfo is UTC


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00"])
def test_times_at_the_ends_of_the_calendar_are_read(written: str) -> None:
    """There is no such moment in UTC, and no error either."""
    pull = READERS["pull(RestPull)"].read(_pull(created_at=written))
    assert pull.created_at == datetime.fromisoformat(written)


def _times(value: Any) -> list[datetime]:
    if isinstance(value, datetime):
        return [value]
    if dataclasses.is_dataclass(value):
        return [time for field in dataclasses.fields(value) for time in _times(getattr(value, field.name))]
    if isinstance(value, tuple | list):
        return [time for item in value for time in _times(item)]
    return []


def _drop(container: Any, key: str | int) -> None:
    if isinstance(container, dict):
        container.pop(key, None)
    elif isinstance(key, int) and key < len(container):
        del container[key]


def _null(container: Any, key: str | int) -> None:
    _put(None)(container, key)


def _put(value: Any) -> Any:
    def put(container: Any, key: str | int) -> None:
        if isinstance(container, dict) or (isinstance(key, int) and key < len(container)):
            container[key] = copy.deepcopy(value)

    return put
