"""Errors in GitLab's words, all with status 200 unless the request itself is at fault.

`app/controllers/graphql_controller.rb` and `lib/gitlab/graphql/errors.rb` of https://gitlab.com/gitlab-org/gitlab
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError

from pullbridge.testing.graphql.ruby import places

#: How many errors of a document are told: `validate_max_errors`.
MOST_ERRORS = 5

UNAVAILABLE = (
    "The resource that you are attempting to access does not exist or you don't have permission to perform this action"
)
_VARIABLE = re.compile(r"Variable '\$(?P<name>\w+)'.*?(?:[:;] (?P<why>.*))?", re.DOTALL)


class Refusal(Exception):
    """A resolver says no."""


def unavailable() -> Refusal:
    """There is no such thing, or it may not be done: GitLab does not tell which."""
    return Refusal(UNAVAILABLE)


def told(message: str) -> dict[str, Any]:
    """An answer that is an error as a whole."""
    return {"errors": [{"message": message}]}


def described(error: GraphQLError) -> dict[str, Any]:
    """One entry of `errors`, its keys in graphql-ruby's order."""
    refusal = error.original_error if isinstance(error.original_error, Refusal) else None
    extra = dict(error.extensions or {})
    path = error.path or extra.pop("path", None)
    entry: dict[str, Any] = {"message": str(refusal) if refusal else error.message}
    if error.locations:
        entry["locations"] = places(error)
    if path:
        entry["path"] = list(path)
    if extra:
        entry["extensions"] = extra
    return entry


def of_variable(error: GraphQLError, types: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """A variable that does not fit, as graphql-ruby says it; `types` are those that the operation declares."""
    found = _VARIABLE.fullmatch(error.message)
    if found is None:
        return described(error)
    name = found["name"]
    value, wanted = given.get(name), types.get(name, "")
    if value is None:
        why = "Expected value to not be null"
    elif isinstance(value, dict | list):
        why = found["why"] or ""
    else:
        why = f"Could not coerce value {json.dumps(value)} to {wanted.rstrip('!')}"
    entry = described(error)
    entry["message"] = f"Variable ${name} of type {wanted} was provided invalid value"
    entry["extensions"] = {"value": value, "problems": [{"path": [], "explanation": why}]}
    return entry
