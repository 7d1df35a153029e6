"""Makes payloads from the shapes that an adapter reads, so that no shape is forgotten, and finds where they may be cut."""

from __future__ import annotations

import copy
import inspect
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from types import ModuleType
from typing import Any

import msgspec
from msgspec import inspect as shapes

from pullbridge.hosts import decoding

Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Kit:
    """An adapter's payloads and converters.

    beside: what the converters take beside the payload, by the parameter's name.
    words: what hosts do say in some fields; other texts are free.
    """

    payloads: ModuleType
    wire: ModuleType
    beside: Mapping[str, Any]
    words: Mapping[str, str]


@dataclass(frozen=True)
class Reader:
    """A converter of `wire`, with the shape of the payload that it takes."""

    kit: Kit
    shape: Any
    convert: Callable[[Any], Any]
    name: str

    def read(self, body: bytes) -> Any:
        """Do what the library does with an answer's body: decode, then convert."""
        value = self.convert(decoding.decode(body, self.shape, "a payload", "the host"))
        return tuple(value) if isinstance(value, Iterator) else value

    def example(self, more: dict[str, Any] | None = None) -> Any:
        """Make a payload in which nothing is missing; put `more` into every object of it."""
        return _example(self._type, "", more or {}, self.kit.words)

    @cached_property
    def spots(self) -> list[Spot]:
        """Every key of the example that a host may leave out or may answer with null."""
        return list(_spots(self._type, (), ()))

    @cached_property
    def _type(self) -> shapes.Type:
        return shapes.type_info(self.shape)


@dataclass(frozen=True)
class Spot:
    """A key in a payload that need not be there, or need not have a value."""

    path: Path
    may_be_missing: bool
    may_be_null: bool

    def __str__(self) -> str:
        return ".".join(map(str, self.path))


def readers(kit: Kit) -> list[Reader]:
    """Collect every public converter of `wire` whose first parameter is a payload, once for each shape it takes."""
    found = []
    for name, function in vars(kit.wire).items():
        if (
            name.startswith("_")
            or not inspect.isfunction(function)
            or not function.__module__.startswith(kit.wire.__name__)
        ):
            continue
        first, *others = inspect.signature(function).parameters.values()
        for shape in _payload_shapes(typing.get_type_hints(function).get(first.name)):
            beside = {each.name: kit.beside[each.name] for each in others if each.default is inspect.Parameter.empty}
            found.append(Reader(kit, shape, partial(function, **beside), f"{name}({_named(shape, kit.payloads)})"))
    return found


_MANY = {typing.get_origin(Iterable[int]), typing.get_origin(Sequence[int])}


def _payload_shapes(hint: Any) -> Iterator[Any]:
    """Take a parameter's type apart: `A | B | None` are two shapes, `Iterable[A]` and `Sequence[A]` are a list of `A`."""
    origin = typing.get_origin(hint)
    if (isinstance(hint, type) and issubclass(hint, msgspec.Struct)) or (
        origin is not None and isinstance(origin, type) and issubclass(origin, msgspec.Struct)
    ):
        yield hint
    elif origin in _MANY:
        yield from (list[member] for member in _payload_shapes(typing.get_args(hint)[0]))  # type: ignore[valid-type]  # built from a value
    else:
        for member in typing.get_args(hint):
            yield from _payload_shapes(member)


def _named(shape: Any, payloads: ModuleType) -> str:
    return (
        getattr(shape, "__name__", str(shape))
        if not typing.get_args(shape)
        else str(shape).replace(f"{payloads.__name__}.", "")
    )


def _example(
    kind: shapes.Type, key: str, more: dict[str, Any], words: Mapping[str, str], above: tuple[type, ...] = ()
) -> Any:
    match kind:
        case shapes.StructType():
            return {
                field.encode_name: _example(field.type, field.encode_name, more, words, (*above, kind.cls))
                for field in _inside(kind, above)
            } | more
        case shapes.ListType():
            return [_example(kind.item_type, key, more, words, above)]
        case shapes.DictType():
            return {"key": _example(kind.value_type, "key", more, words, above)}
        case shapes.UnionType():
            return _example(_likeliest(kind), key, more, words, above)
        case shapes.DateTimeType():
            return "2026-01-02T03:04:05Z"
        case shapes.IntType():
            return 7
        case shapes.BoolType():
            return True
        case shapes.AnyType():
            return {}
        case shapes.StrType():
            return words.get(key, f"some {key}")
    raise AssertionError(f"no example of {kind}")


def _inside(kind: shapes.StructType, above: tuple[type, ...]) -> Iterator[shapes.Field]:
    """Its fields; of what holds its own kind, such as answers to answers, one level is enough."""
    for field in kind.fields:
        inner = _core(field.type)
        if field.required or not isinstance(inner, shapes.StructType) or inner.cls not in above:
            yield field


def _core(kind: shapes.Type) -> shapes.Type:
    """What a field is made of in the end."""
    while isinstance(kind, shapes.ListType | shapes.UnionType):
        kind = kind.item_type if isinstance(kind, shapes.ListType) else _likeliest(kind)
    return kind


def _likeliest(kind: shapes.UnionType) -> shapes.Type:
    """Choose the richest member of a union."""
    order = (shapes.StructType, shapes.ListType, shapes.DictType, shapes.DateTimeType)
    members = [member for member in kind.types if not isinstance(member, shapes.NoneType)]
    return next((member for type_ in order for member in members if isinstance(member, type_)), members[0])


def _spots(kind: shapes.Type, path: Path, above: tuple[type, ...]) -> Iterator[Spot]:
    match kind:
        case shapes.StructType():
            for field in _inside(kind, above):
                here = (*path, field.encode_name)
                nullable = isinstance(field.type, shapes.UnionType) and field.type.includes_none
                if nullable or not field.required:
                    yield Spot(here, may_be_missing=not field.required, may_be_null=nullable)
                yield from _spots(field.type, here, (*above, kind.cls))
        case shapes.ListType():
            yield from _spots(kind.item_type, (*path, 0), above)
        case shapes.UnionType():
            yield from _spots(_likeliest(kind), path, above)
        case _:
            return


def changed(payload: Any, path: Path, change: Callable[[Any, str | int], None]) -> Any:
    """Copy a payload and apply `change(container, key)` at a path, if that place is still there."""
    result = copy.deepcopy(payload)
    container = result
    for step in path[:-1]:
        if not isinstance(container, dict | list):
            return result
        try:
            container = container[step]  # type: ignore[index]  # the path was made for this payload
        except LookupError:
            return result
    if isinstance(container, dict | list):
        change(container, path[-1])
    return result


def paths(payload: Any, path: Path = ()) -> Iterator[Path]:
    """List the places of all values in a payload."""
    if path:
        yield path
    items = payload.items() if isinstance(payload, dict) else enumerate(payload) if isinstance(payload, list) else ()
    for key, value in items:
        yield from paths(value, (*path, key))
