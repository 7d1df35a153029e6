"""What was sent, read as Grape reads it: query and body together, JSON and forms alike, values coerced to their types.

https://github.com/ruby-grape/grape#parameter-validation-and-coercion
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from werkzeug.wrappers import Request

from pullbridge.testing.gitlab.errors import parameters

Json = dict[str, Any]

_KEY = re.compile(r"\[([^\]]*)\]")
_TRUE, _FALSE = frozenset({"true", "t", "1", "yes", "on"}), frozenset({"false", "f", "0", "no", "off"})


def nested(pairs: Iterable[tuple[str, Any]]) -> Json:
    """Names with brackets as Rack reads them: `iids[]=1&not[author_id]=2` is `{"iids": ["1"], "not": {"author_id": "2"}}`."""
    found: Json = {}
    for name, value in pairs:
        head, *keys = name.partition("[")[0], *_KEY.findall(name)
        _put(found, [head, *keys], value)
    return found


def _put(target: Json, keys: list[str], value: Any) -> None:
    key, *rest = keys
    if not rest:
        target[key] = value
    elif rest == [""]:
        known = target.setdefault(key, [])
        if isinstance(known, list):
            known.append(value)
    else:
        inner = target.setdefault(key, {})
        if isinstance(inner, dict):
            _put(inner, rest, value)


def read(request: Request) -> Json:
    """All parameters of a request."""
    return {**nested(request.args.items(multi=True)), **_body(request)}


def _body(request: Request) -> Json:
    if request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return nested(request.form.items(multi=True))
    data = request.get_data()
    if not data or request.mimetype != "application/json":
        return {}
    try:
        sent = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise parameters("message body does not match declared format") from error
    return sent if isinstance(sent, dict) else {}


class Parameters:
    """The parameters of one request, by name and type."""

    def __init__(self, values: Mapping[str, Any], prefix: str = "") -> None:
        self._values = values
        self._prefix = prefix

    def given(self, *names: str) -> bool:
        """Whether any of them was sent, with whatever value."""
        return any(name in self._values for name in names)

    def raw(self, name: str) -> Any:
        """What was sent, as it was."""
        return self._values.get(name)

    def need(self, *names: str) -> None:
        """Refuse what lacks one of them."""
        missing = [f"{self._shown(name)} is missing" for name in names if name not in self._values]
        if missing:
            raise parameters(*missing)

    def need_one(self, *names: str) -> None:
        """Refuse what has none of them."""
        if not self.given(*names):
            raise parameters(f"{', '.join(names)} are missing, at least one parameter must be provided")

    def exclusive(self, *names: str) -> None:
        """Refuse more than one of them."""
        both = [self._shown(name) for name in names if self._values.get(name) is not None]
        if len(both) > 1:
            raise parameters(f"{', '.join(both)} are mutually exclusive")

    def inner(self, name: str) -> Parameters:
        """An object in the parameters, such as `not`."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, dict):
            raise self._bad(name)
        return Parameters(value or {}, prefix=name)

    def _shown(self, name: str) -> str:
        return f"{self._prefix}[{name}]" if self._prefix else name

    def _bad(self, name: str, said: str = "is invalid") -> Exception:
        return parameters(f"{self._shown(name)} {said}")

    # -- types ---------------------------------------------------------------------------------------------------------

    def text(self, name: str, default: str | None = None) -> str | None:
        """A string; numbers and booleans are written as such."""
        value = self._values.get(name)
        if value is None:
            return default
        if isinstance(value, dict | list):
            raise self._bad(name)
        return str(value).lower() if isinstance(value, bool) else str(value)

    def filled(self, name: str) -> str | None:
        """A string that may be absent, but not blank."""
        value = self.text(name)
        if value is not None and not value.strip():
            raise self._bad(name, "is empty")
        return value

    def number(self, name: str, default: int | None = None) -> int | None:
        """A whole number; a blank one is none."""
        value = self._values.get(name)
        if value is None or value == "":
            return default
        found = _whole(value)
        if found is None:
            raise self._bad(name)
        return found

    def flag(self, name: str, default: bool | None = None) -> bool | None:
        """A boolean."""
        value = self._values.get(name)
        if value is None or value == "":
            return default
        word = str(value).lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise self._bad(name)

    def choice(self, name: str, values: Iterable[str], default: str | None = None) -> str | None:
        """One of some words."""
        value = self.text(name, default)
        if value is not None and value not in values:
            raise self._bad(name, "does not have a valid value")
        return value

    def moment(self, name: str) -> datetime | None:
        """A time, aware; without a zone it is UTC."""
        value = self.text(name)
        if not value:
            return None
        try:
            found = datetime.fromisoformat(value)
        except ValueError as error:
            raise self._bad(name) from error
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def words(self, name: str) -> list[str] | None:
        """Strings: a list, or one with commas."""
        value = self._values.get(name)
        if value is None:
            return None
        parts = value if isinstance(value, list) else [value]
        return [word.strip() for part in parts for word in str(part).split(",") if word.strip()]

    def numbers(self, name: str) -> list[int] | None:
        """Whole numbers: a list, or one with commas; blank ones are passed over."""
        value = self._values.get(name)
        if value is None:
            return None
        parts = value if isinstance(value, list) else str(value).split(",")
        found = [_whole(part) for part in parts if part not in {"", None}]
        if None in found:
            raise self._bad(name)
        return [number for number in found if number is not None]

    def people(self, name: str) -> list[int] | int | Literal["None", "Any"] | None:
        """A person's number, or the words `None` and `Any`."""
        value = self.text(name)
        if value in {None, ""}:
            return None
        if str(value).lower() in {"none", "any"}:
            return "None" if str(value).lower() == "none" else "Any"
        found = _whole(value)
        if found is None:
            raise self._bad(name, "does not have a valid value")
        return found


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"[+-]?\d+", value.strip()) else None
