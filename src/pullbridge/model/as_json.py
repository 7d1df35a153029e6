"""Values as JSON and back: pure.

Fields keep their names, enums are their values, times are ISO 8601 with their offset, and an error is an object with its
`kind`, its `message` and its data. Only ASCII is written, so that what a host said stays harmless on a terminal.

Going back, the annotations of the model say what is expected, and everything else is `Rejected` with its place: nothing
is guessed, and nothing that is not understood is dropped. A value that holds a secret has no form in JSON.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

from pullbridge import errors
from pullbridge.capabilities import Answer, Can, Capabilities
from pullbridge.errors import BridgeError, Rejected
from pullbridge.model.anchor import Anchor, PlacementReason

T = TypeVar("T")

#: What every error has, beside what its kind adds.
_FACTS: Mapping[str, Any] = {
    "host": str | None,
    "status": int | None,
    "request_id": str | None,
    "retryable": bool,
    "maybe_done": bool,
    "text": str | None,
}
_SCALARS = (str, int, float, bool, types.NoneType)
_LONGEST = 60


def to_json(value: Any, *, indent: int | None = None) -> str:
    """Write a value. Raises `TypeError` for what has no form in JSON."""
    return json.dumps(to_plain(value), indent=indent, allow_nan=False)


def from_json(kind: type[T], text: str) -> T:
    """Read a value of that kind. Raises `Rejected`, with the place in `problems`, for anything else."""
    try:
        plain = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _rejected("$", f"it is not JSON: {error}") from error
    return from_plain(kind, plain)


def to_plain(value: Any) -> Any:
    """Turn a value into dicts, lists, strings, numbers, `True`, `False` and `None`. Raises as `to_json` does."""
    match value:
        case Enum():
            return value.value
        case str() | bool() | int() | float() | None:
            return value
        case datetime():
            return _moment(value)
        case BridgeError():
            return _plain_error(value)
        case Capabilities():
            return {"granted": to_plain(value.granted), **to_plain(dict(value))}
        case Mapping():
            return {to_plain(name): to_plain(each) for name, each in value.items()}
        case tuple() | list():
            return [to_plain(each) for each in value]
        case frozenset() | set():
            return sorted(to_plain(each) for each in value)
    return _plain_record(value)


def from_plain(kind: type[T], plain: Any) -> T:
    """Turn what `to_plain` gave into a value of that kind. Raises as `from_json` does."""
    made: T = _made(kind, plain, "$")
    return made


def _plain_record(value: Any) -> dict[str, Any]:
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"{type(value).__name__} has no form in JSON")
    told = _parts(value)
    if not all(each.repr for each in told):
        raise TypeError(f"{type(value).__name__} holds a secret, and has no form in JSON")
    return {each.name: to_plain(getattr(value, each.name)) for each in told}


def _parts(record: Any) -> list[dataclasses.Field[Any]]:
    """The fields that make up a value; what two equal ones may differ in is not among them."""
    return [each for each in dataclasses.fields(record) if each.compare]


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise TypeError("a time without its offset has no form in JSON")
    return value.isoformat().replace("+00:00", "Z")


def _plain_error(error: BridgeError) -> dict[str, Any]:
    """By the nearest class that this library knows. `receipt` stays out: it is what usually holds the error."""
    kind = next(each for each in type(error).__mro__ if each.__module__ == errors.__name__)
    data = {
        name: value if hint is not Any or isinstance(value, _SCALARS) else None
        for name, hint in _data(kind).items()
        for value in (getattr(error, name, None),)
    }
    facts = {name: getattr(error, name) for name in _FACTS}
    plain = {"kind": kind.__name__, "message": error.summary, "remedy": error.remedy, **facts, **data}
    return {name: to_plain(value) for name, value in plain.items()}


# And back ------------------------------------------------------------------------------------------------------------


def _made(kind: Any, plain: Any, at: str) -> Any:
    """A value of the annotated kind; `at` is the place, in JSONPath's notation (RFC 9535)."""
    origin = get_origin(kind)
    if kind is Any:
        return plain
    if origin in {Union, types.UnionType}:
        return _alternative(get_args(kind), plain, at)
    if origin is tuple:
        return _tuple(get_args(kind), plain, at)
    if origin in {Sequence, Iterable}:
        return _tuple((*get_args(kind), ...), plain, at)
    if origin is Mapping:
        key, value = get_args(kind)
        each = _object(plain, at).items()
        return {_made(key, name, at): _made(value, inner, f"{at}.{name}") for name, inner in each}
    if issubclass(kind, Enum):
        return _member(kind, plain, at)
    if issubclass(kind, datetime):
        return _time(plain, at)
    if issubclass(kind, BridgeError):
        return _error(plain, at)
    if issubclass(kind, Capabilities):
        return _capabilities(_object(plain, at), at)
    return _record(kind, plain, at) if dataclasses.is_dataclass(kind) else _scalar(kind, plain, at)


def _alternative(kinds: tuple[Any, ...], plain: Any, at: str) -> Any:
    if plain is None and types.NoneType in kinds:
        return None
    left = [kind for kind in kinds if kind is not types.NoneType]
    for kind in left[:-1]:
        try:
            return _made(kind, plain, at)
        except Rejected:
            continue
    return _made(left[-1], plain, at)


def _tuple(kinds: tuple[Any, ...], plain: Any, at: str) -> tuple[Any, ...]:
    if not isinstance(plain, list):
        raise _rejected(at, "it is not a list")
    endless = len(kinds) == 2 and kinds[1] is ...
    if not endless and len(plain) != len(kinds):
        raise _rejected(at, f"it does not have {len(kinds)} parts")
    each = [kinds[0]] * len(plain) if endless else kinds
    return tuple(_made(kind, inner, f"{at}[{i}]") for i, (kind, inner) in enumerate(zip(each, plain, strict=True)))


def _record(kind: Any, plain: Any, at: str) -> Any:
    told = {each.name: each for each in _parts(kind)}
    hints = _hints(kind)
    values = {}
    for name, inner in _object(plain, at).items():
        if name not in told:
            raise _rejected(f"{at}.{_short(name)}", f"a {kind.__name__} has no such field")
        values[name] = _made(hints[name], inner, f"{at}.{name}")
    missing = [name for name, each in told.items() if name not in values and _is_needed(each)]
    if missing:
        raise _rejected(at, f"a {kind.__name__} needs {', '.join(missing)}")
    try:
        return kind(**values)
    except ValueError as error:
        raise _rejected(at, str(error)) from error


def _error(plain: Any, at: str) -> BridgeError:
    given = dict(_object(plain, at))
    name = given.pop("kind", None)
    kind = getattr(errors, name, None) if isinstance(name, str) else None
    if not (isinstance(kind, type) and issubclass(kind, BridgeError)):
        raise _rejected(f"{at}.kind", "it is not the name of an error")
    hints = {"message": str, "remedy": str, **_FACTS, **_data(kind)}
    if "message" not in given:
        raise _rejected(at, "an error needs a message")
    for each in given:
        if each not in hints:
            raise _rejected(f"{at}.{_short(each)}", f"{kind.__name__} has no such fact")
    values = {each: _made(hints[each], inner, f"{at}.{each}") for each, inner in given.items()}
    message, remedy, text = values.pop("message"), values.pop("remedy", None), values.pop("text", None)
    error = kind(message, next_step=remedy, **values)
    error.text = text
    return error


def _capabilities(plain: Mapping[str, Any], at: str) -> Capabilities:
    granted = _made(tuple[str, ...] | None, plain.get("granted"), f"{at}.granted")
    answers = {name: inner for name, inner in plain.items() if name != "granted"}
    return Capabilities(_made(Mapping[Can, Answer], answers, at), granted=granted)


def _member(kind: type[Enum], plain: Any, at: str) -> Enum:
    found = next((each for each in kind if each.value == plain and isinstance(plain, str)), None)
    if found is None:
        raise _rejected(at, f"{_short(plain)} is no {kind.__name__}")
    return found


def _time(plain: Any, at: str) -> datetime:
    try:
        found = datetime.fromisoformat(_scalar(str, plain, at))
    except ValueError as error:
        raise _rejected(at, "it is not a time in ISO 8601") from error
    if found.tzinfo is None:
        raise _rejected(at, "the time has no offset from UTC")
    return found


def _scalar(kind: type, plain: Any, at: str) -> Any:
    """A number is no truth value here, although it is one to Python."""
    fits = type(plain) is kind or (kind is float and type(plain) is int)
    if not fits:
        raise _rejected(at, f"it is not {_WORDS.get(kind, kind.__name__)}")
    return plain


_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def _object(plain: Any, at: str) -> Mapping[str, Any]:
    if not isinstance(plain, dict):
        raise _rejected(at, "it is not an object")
    return plain


def _is_needed(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


@functools.cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _data(kind: type[BridgeError]) -> Mapping[str, Any]:
    """What an error's class adds to the facts: the keywords of its constructor, each kept under that name."""
    known = {"Can": Can, "Anchor": Anchor, "PlacementReason": PlacementReason}
    hints = get_type_hints(kind.__init__, localns=known)
    own = (kind.__init__.__kwdefaults__ or {}).keys() - {*_FACTS, "next_step"}
    return {name: hints[name] for name in sorted(own)}


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _rejected(at: str, why: str) -> Rejected:
    problem = f"{at}: {why}"
    text = f"This JSON is not what was expected, at {problem}."
    return Rejected(text, problems=(problem,), next_step="Give what `to_json` wrote, unchanged.")


def _short(found: Any) -> str:
    """What stands there, in a few ASCII characters."""
    words = ascii(found) if not isinstance(found, str) or not found.isidentifier() else found
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
