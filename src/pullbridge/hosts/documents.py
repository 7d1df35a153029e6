"""GraphQL documents as trees, just deep enough to leave fields out and to write them down again: pure.

Only executable documents are read (GraphQL specification, section 2); a library for it would be loaded at run time for
these few lines. https://spec.graphql.org/October2021/#sec-Language
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"""[\s,\ufeff]+|\#[^\n\r]*           # ignored
    |(?P<token>\"{3}(?:\\\"{3}|[\s\S])*?\"{3}|"(?:\\.|[^"\\\n])*"|\.\.\.|[A-Za-z_]\w*|-?\d[\d.eE+-]*|[!$&()=:@\[\]{|}])""",
    re.VERBOSE,
)
_VARIABLE = re.compile(r"\$(\w+)")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A field, a fragment's spread or an inline fragment. `head` is all of it before its braces, as it was written.

    A field has a `field`, a spread a `fragment`, an inline fragment neither; `on` is its type condition. `inner` is `None`
    where there are no braces.
    """

    head: str
    field: str | None = None
    fragment: str | None = None
    on: str | None = None
    inner: tuple[Selection, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """An operation, with its variables' definitions, or a fragment, with the type that it is `on`. Directives are its `tail`."""

    head: str
    tail: str = ""
    on: str
    fragment: str | None = None
    variables: Mapping[str, str]
    inner: tuple[Selection, ...]


def parse(document: str) -> tuple[Definition, ...]:
    """Read a document. Raises `ValueError` where it is none."""
    return _parsed(document)


@lru_cache(maxsize=128)
def _parsed(document: str) -> tuple[Definition, ...]:
    reader = _Reader(document)
    return tuple(reader.definitions())


def written(definitions: tuple[Definition, ...]) -> str:
    """Write a document, without the fragments that no operation reaches and the variables that none uses."""
    fragments = {each.fragment: each for each in definitions if each.fragment is not None}
    operations = [each for each in definitions if each.fragment is None]
    reached = {name for each in operations for name in _reached(each.inner, fragments)}
    texts = [_operation(each, fragments) for each in operations]
    texts += [f"{each.head}{each.tail} {_braced(each.inner)}" for name, each in fragments.items() if name in reached]
    return "\n".join(texts)


def _operation(operation: Definition, fragments: Mapping[str, Definition]) -> str:
    used = {*_used(operation.inner), *_VARIABLE.findall(operation.tail)}
    for name in _reached(operation.inner, fragments):
        used |= _used(fragments[name].inner)
    kept = ", ".join(text for name, text in operation.variables.items() if name in used)
    return f"{operation.head}{f'({kept})' if kept else ''}{operation.tail} {_braced(operation.inner)}"


def _reached(selections: tuple[Selection, ...], fragments: Mapping[str, Definition]) -> Iterator[str]:
    """The fragments that are spread in here, near and far. A document's fragments form no circle."""
    for each in selections:
        if each.fragment is not None:
            yield each.fragment
            yield from _reached(fragments[each.fragment].inner, fragments)
        yield from _reached(each.inner or (), fragments)


def _used(selections: tuple[Selection, ...]) -> set[str]:
    """The variables that are used in here."""
    found: set[str] = set()
    for each in selections:
        found |= {*_VARIABLE.findall(each.head), *_used(each.inner or ())}
    return found


def _braced(selections: tuple[Selection, ...]) -> str:
    inner = (each.head if each.inner is None else f"{each.head} {_braced(each.inner)}" for each in selections)
    return f"{{ {' '.join(inner)} }}"


class _Reader:
    """Reads tokens one by one; `_at` is the next one's index."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, int, int]] = []
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise ValueError(f"no GraphQL at {position}: {text[position : position + 20]!r}")
            if match["token"]:
                self._tokens.append((match["token"], match.start(), match.end()))
            position = match.end()
        self._at = 0

    def definitions(self) -> Iterator[Definition]:
        while self._at < len(self._tokens):
            yield self._definition()

    def _definition(self) -> Definition:
        begin = self._at
        if self._peek() == "{":
            return Definition(head="query", on="Query", variables={}, inner=self._braces())
        word = self._next()
        if word == "fragment":
            name = self._next()
            self._expect("on")
            condition = self._next()
            head, tail = self._since(begin), self._directives()
            return Definition(head=head, tail=tail, on=condition, fragment=name, variables={}, inner=self._braces())
        if self._peek() not in {"(", "{", "@"}:
            self._next()
        head = self._since(begin)
        variables = dict(self._variables()) if self._peek() == "(" else {}
        kind, tail = f"{word[0].upper()}{word[1:]}", self._directives()
        return Definition(head=head, tail=tail, on=kind, variables=variables, inner=self._braces())

    def _variables(self) -> Iterator[tuple[str, str]]:
        self._expect("(")
        while self._peek() != ")":
            begin = self._at
            self._expect("$")
            name = self._next()
            while self._peek() not in {"$", ")"}:
                self._skip()
            yield name, self._since(begin)
        self._expect(")")

    def _braces(self) -> tuple[Selection, ...]:
        self._expect("{")
        found = []
        while self._peek() != "}":
            found.append(self._selection())
        self._expect("}")
        return tuple(found)

    def _selection(self) -> Selection:
        begin = self._at
        if self._peek() == "...":
            return self._fragment(begin)
        field = self._next()
        if self._peek() == ":":
            self._next()
            field = self._next()
        if self._peek() == "(":
            self._skip()
        self._directives()
        head = self._since(begin)
        return Selection(head=head, field=field, inner=self._braces() if self._peek() == "{" else None)

    def _fragment(self, begin: int) -> Selection:
        self._expect("...")
        fragment = condition = None
        if self._peek() == "on":
            self._next()
            condition = self._next()
        elif self._peek() not in {"@", "{"}:
            fragment = self._next()
        self._directives()
        head = self._since(begin)
        inner = self._braces() if fragment is None else None
        return Selection(head=head, fragment=fragment, on=condition, inner=inner)

    def _directives(self) -> str:
        begin = self._at
        while self._peek() == "@":
            self._next()
            self._next()
            if self._peek() == "(":
                self._skip()
        return f" {self._since(begin)}" if self._at > begin else ""

    def _skip(self) -> None:
        """Pass one token, or all up to the bracket that closes it."""
        closing = _CLOSING.get(self._next())
        while closing is not None and self._peek() != closing:
            self._skip()
        if closing is not None:
            self._next()

    def _since(self, begin: int) -> str:
        return self._text[self._tokens[begin][1] : self._tokens[self._at - 1][2]]

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise ValueError("the GraphQL ends too early")
        self._at += 1
        return self._tokens[self._at - 1][0]

    def _expect(self, token: str) -> None:
        found = self._next()
        if found != token:
            raise ValueError(f"{token!r} is expected, and {found!r} is there")
