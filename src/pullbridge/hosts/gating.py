"""Which fields a server lacks, and documents without them: pure, for hosts that are built on graphql-ruby.

A server of one's own is older than the service, and one field that it does not know refuses a whole document. It names
them all: `extensions: {code: undefinedField, typeName, fieldName}`. What is left out becomes `None` in the model, and so
only what may be `None` there is ever left out. https://graphql-ruby.org/queries/validation.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pullbridge.hosts.documents import Definition, Selection, parse, written
from pullbridge.hosts.graphql import GraphError

#: A type and a field of it; the field `*` stands for the whole type.
Field = tuple[str, str]
#: Leaves out of a selection, whose parent has this type, what the server lacks; `None` when nothing is left of it.
Leave = Callable[[Selection, str | None], Selection | None]


def unknown(problems: Iterable[GraphError]) -> frozenset[Field]:
    """The fields and types that the server says it does not have."""
    found = set[Field]()
    for each in problems:
        told = each.extensions
        if told is not None and told.type_name is not None:
            if told.code == "undefinedField" and told.field_name is not None:
                found.add((told.type_name, told.field_name))
            elif told.code == "undefinedType":
                found.add((told.type_name, "*"))
    return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduced:
    """A document without some fields; `text` is `None` when nothing would be left. `dropped` are those that it had."""

    text: str | None
    dropped: frozenset[Field]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Types:
    """What one host's documents rest on.

    `optional` are the fields that may be left out, by type; `kind_of` gives the type of a field's objects, by the type of
    its parent, and `None` for a field without any; `instead` says by what other way a missing field is asked for.
    """

    optional: Mapping[str, frozenset[str]]
    kind_of: Callable[[str | None, str], str | None]
    instead: Mapping[Field, Callable[[Selection, Leave], Selection | None]] = field(default_factory=dict)

    def dispensable(self, missing: Field) -> bool:
        """Whether a document is still of use without it: a field that may be `None`, or a type that nobody there can have."""
        kind, name = missing
        return name == "*" or name in self.optional.get(kind, ())


@lru_cache(maxsize=512)
def without(document: str, missing: frozenset[Field], types: Types) -> Reduced:
    """Leave the missing fields out, with what would be left empty or unused: selections, fragments, variables."""
    if not missing:
        return Reduced(text=document, dropped=frozenset())
    definitions = parse(document)
    dropping = _Dropping(missing, types, definitions)
    kept = [dropping.operation(each) for each in definitions if each.fragment is None]
    whole = tuple(each for each in kept if each is not None)
    if not dropping.dropped:
        return Reduced(text=document, dropped=frozenset())
    text = written((*whole, *dropping.fragments())) if len(whole) == len(kept) else None
    return Reduced(text=text, dropped=frozenset(dropping.dropped))


class _Dropping:
    """One document on its way to a smaller one."""

    def __init__(self, missing: frozenset[Field], types: Types, definitions: tuple[Definition, ...]) -> None:
        self.dropped: set[Field] = set()
        self._missing = missing
        self._types = types
        self._given = {each.fragment: each for each in definitions if each.fragment is not None}
        self._done: dict[str, Definition | None] = {}

    def operation(self, definition: Definition) -> Definition | None:
        """The operation without them; `None` when it lost a root field: half of what was asked is no answer."""
        inner = self._all(definition.inner, definition.on)
        return replace(definition, inner=inner) if len(inner) == len(definition.inner) else None

    def fragments(self) -> tuple[Definition, ...]:
        """What is left of the fragments that were met."""
        return tuple(each for each in self._done.values() if each is not None)

    def _all(self, selections: tuple[Selection, ...], parent: str | None) -> tuple[Selection, ...]:
        kept = (self._one(each, parent) for each in selections)
        return tuple(each for each in kept if each is not None)

    def _one(self, selection: Selection, parent: str | None) -> Selection | None:
        if selection.fragment is not None:
            return selection if self._fragment(selection.fragment) is not None else None
        if selection.field is None:
            return self._inline(selection, parent)
        if parent is not None and (parent, selection.field) in self._missing:
            self.dropped.add((parent, selection.field))
            instead = self._types.instead.get((parent, selection.field))
            return instead(selection, self._one) if instead is not None else None
        if selection.inner is None:
            return selection
        inner = self._all(selection.inner, self._types.kind_of(parent, selection.field))
        return replace(selection, inner=inner) if inner else None

    def _inline(self, selection: Selection, parent: str | None) -> Selection | None:
        kind = selection.on or parent
        if kind is not None and self._gone(kind):
            return None
        inner = self._all(selection.inner or (), kind)
        return replace(selection, inner=inner) if inner else None

    def _fragment(self, name: str) -> Definition | None:
        if name not in self._done:
            given = self._given[name]
            inner = () if self._gone(given.on) else self._all(given.inner, given.on)
            self._done[name] = replace(given, inner=inner) if inner else None
        return self._done[name]

    def _gone(self, kind: str) -> bool:
        if (kind, "*") in self._missing:
            self.dropped.add((kind, "*"))
            return True
        return False
