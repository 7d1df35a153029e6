"""The query language of `q=` and the order of `sort=`, over rows of JSON.

https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pullbridge.testing.bitbucket_cloud.errors import bad_request

Json = dict[str, Any]
Test = Callable[[Json], bool]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<moment>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<sign>!=|!~|>=|<=|[=~<>(),])
    | (?P<word>[A-Za-z_][\w.]*)
    )""",
    re.VERBOSE,
)
_CONSTANTS = {"null": None, "true": True, "false": False}


@dataclass(frozen=True)
class Token:
    """One word of a query. `value` is what a literal stands for."""

    kind: str
    text: str
    value: Any = None


@dataclass(frozen=True)
class Query:
    """A query that was understood: the fields it names, and the test."""

    names: frozenset[str]
    test: Test


def parse(text: str) -> Query:
    """Understand a query; a 400 that quotes it when it makes no sense."""
    reader = _Reader(text)
    test = reader.either()
    reader.end()
    return Query(frozenset(reader.names), test)


def known(query_names: Iterable[str], rows: Sequence[Json]) -> None:
    """Refuse fields that no row has. How Bitbucket words it is unverified."""
    fields = {key for row in rows for key in row}
    for name in query_names:
        if rows and name.partition(".")[0] not in fields:
            raise bad_request(f"Invalid field name: {name}")


def values(row: Any, path: Sequence[str]) -> Iterator[Any]:
    """All that a path leads to: a list stands for each of its members, and what is not there for null."""
    if isinstance(row, list):
        for each in row:
            yield from values(each, path)
    elif not path:
        yield row
    elif isinstance(row, dict):
        yield from values(row.get(path[0]), path[1:])
    else:
        yield None


def ordered(rows: Sequence[Json], sort: str) -> list[Json]:
    """Rows in the order of a field; `-field` is the other way round."""
    name = sort.removeprefix("-")
    known([name], rows)
    path = name.split(".")

    def key(row: Json) -> tuple[bool, Any]:
        found = _comparable(next(values(row, path), None))
        return found is None, "" if found is None else found

    try:
        return sorted(rows, key=key, reverse=sort.startswith("-"))
    except TypeError as error:
        raise bad_request(f"Invalid field name: {name}") from error


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0
        self.names: set[str] = set()

    # -- grammar: OR of ANDs of comparisons ----------------------------------------------------------------------------

    def either(self) -> Test:
        tests = [self._both()]
        while self._word("or"):
            tests.append(self._both())
        return lambda row: any(test(row) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._word("and"):
            tests.append(self._one())
        return lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        if self._sign("("):
            inner = self.either()
            self._need(")")
            return inner
        name = self._take("word").text
        self.names.add(name)
        path = name.split(".")
        if self._word("not"):
            self._need_word("in")
            among = self._list()
            return lambda row: not any(_equal(value, each) for value in values(row, path) for each in among)
        if self._word("in"):
            among = self._list()
            return lambda row: any(_equal(value, each) for value in values(row, path) for each in among)
        compare = _COMPARE.get(self._take("sign").text)
        if compare is None:
            raise self._bad()
        meant = self._literal()
        return lambda row: compare(list(values(row, path)), meant)

    def _list(self) -> list[Any]:
        self._need("(")
        found = [self._literal()]
        while self._sign(","):
            found.append(self._literal())
        self._need(")")
        return found

    def _literal(self) -> Any:
        token = self._next()
        if token is not None and token.kind in {"text", "number", "moment"}:
            return token.value
        if token is not None and token.kind == "word" and token.text.lower() in _CONSTANTS:
            return _CONSTANTS[token.text.lower()]
        raise self._bad()

    # -- tokens --------------------------------------------------------------------------------------------------------

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise self._bad()

    def _next(self) -> Token | None:
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        self._at += 1
        return token

    def _take(self, kind: str) -> Token:
        token = self._next()
        if token is None or token.kind != kind:
            raise self._bad()
        return token

    def _is(self, kind: str, text: str) -> bool:
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        return token is not None and token.kind == kind and token.text.lower() == text

    def _sign(self, text: str) -> bool:
        found = self._is("sign", text)
        self._at += found
        return found

    def _word(self, text: str) -> bool:
        found = self._is("word", text)
        self._at += found
        return found

    def _need(self, text: str) -> None:
        if not self._sign(text):
            raise self._bad()

    def _need_word(self, text: str) -> None:
        if not self._word(text):
            raise self._bad()

    def _bad(self) -> Exception:
        return bad_request(f"Invalid query: {self._text}")


def _tokens(text: str) -> Iterator[Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise bad_request(f"Invalid query: {text}")
        at = match.end()
        yield _token(match.lastgroup, match[match.lastgroup])


def _token(kind: str, text: str) -> Token:
    if kind == "text":
        return Token(kind, text, re.sub(r"\\(.)", r"\1", text[1:-1]))
    if kind == "number":
        return Token(kind, text, float(text))
    return Token(kind, text, text)


# -- comparing ---------------------------------------------------------------------------------------------------------


def _moment(text: str) -> datetime | None:
    """A time, if that is what a text is. Without a zone it is UTC."""
    if re.match(r"\d{4}-\d\d-\d\d", text) is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return _moment(value) or value
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _equal(value: Any, meant: Any) -> bool:
    return bool(_comparable(value) == _comparable(meant))


def _like(value: Any, meant: Any) -> bool:
    return isinstance(value, str) and str(meant).lower() in value.lower()


def _order(found: Iterable[Any], meant: Any, holds: Callable[[Any, Any], bool]) -> bool:
    try:
        return any(value is not None and holds(_comparable(value), _comparable(meant)) for value in found)
    except TypeError as error:
        raise bad_request("Invalid query: these cannot be compared") from error


_COMPARE: dict[str, Callable[[list[Any], Any], bool]] = {
    "=": lambda found, meant: any(_equal(value, meant) for value in found),
    "!=": lambda found, meant: not any(_equal(value, meant) for value in found),
    "~": lambda found, meant: any(_like(value, meant) for value in found),
    "!~": lambda found, meant: not any(_like(value, meant) for value in found),
    ">": lambda found, meant: _order(found, meant, lambda one, other: bool(one > other)),
    ">=": lambda found, meant: _order(found, meant, lambda one, other: bool(one >= other)),
    "<": lambda found, meant: _order(found, meant, lambda one, other: bool(one < other)),
    "<=": lambda found, meant: _order(found, meant, lambda one, other: bool(one <= other)),
}
