"""GitLab's own JSON schemas, which its tests hold answers against: a floor, not the full shape.

They are of different ages, and so two things in them are not taken at their word: they name types that JSON Schema does not
have (`uri`, `date`: a text), and the older ones forbid fields that were added since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
from tests.contract.gitlab_document import FOLDER
from tests.contract.openapi import JSON, Exchange, Judge, told
from tests.contract.specs import give_up

SCHEMAS = FOLDER / "schemas" / "public_api" / "v4"
#: Which schema an entity must fulfil. `notes.json` is a list's.
FLOOR = {
    "MergeRequest": "merge_request.json",
    "MergeRequestBasic": "merge_request.json",
    "Note": "notes.json",
    "Branch": "branch.json",
    "Commit": "commit/basic.json",
    "UserBasic": "user/basic.json",
    "PipelineBasic": "pipeline/basic.json",
    "Pipeline": "pipeline/detail.json",
    "Milestone": "milestone.json",
    "Metadata": "metadata.json",
}
#: Newer answers have it no more. https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/api/entities/note.rb
GONE = {"notes.json": {"attachment"}}
#: Fields of which GitLab's tests have only seen a part, each with what else there is.
#: https://docs.gitlab.com/api/merge_requests/#list-merge-requests
MORE_THAN_SEEN = {
    "merge_request.json": {
        "changes_count": "null until the diff is made",
        "source_project_id": "null when the fork is gone",
        "labels": "objects with `with_labels_details`",
    }
}


def below_the_floor(judge: Judge, exchanges: Iterable[Exchange]) -> str:
    """What GitLab's own tests would complain of in the answers; one line a problem."""
    found: Counter[str] = Counter()
    for each in exchanges:
        operation = judge.operation(each.method, each.path)
        named = _entity(operation.responses.get(str(each.status), {})) if operation else None
        if operation is None or named not in FLOOR or not each.answer:
            continue
        value = msgspec.json.decode(each.answer)
        rows = value if isinstance(value, list) else [value]
        place = f"{each.method} {operation.template} {each.status}"
        for row in rows:
            found.update(told(place, validator(FLOOR[named]).iter_errors(row)))
    return "\n".join(f"{count} x {problem}" for problem, count in sorted(found.items()))


def _entity(response: dict[str, Any]) -> str | None:
    """The entity that an answer is, or is a list of."""
    schema = response.get("content", {}).get(JSON, {}).get("schema", {})
    schema = schema.get("items", schema)
    return str(schema["$ref"]).rpartition("/")[2] if "$ref" in schema else None


@cache
def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    """Compile one of GitLab's schemas."""
    schema = _relaxed(_whole(SCHEMAS / name, _read(SCHEMAS / name)))
    schema = schema["items"] if name == "notes.json" else schema
    for field in MORE_THAN_SEEN.get(name, ()):
        del schema["properties"][field]
    schema["required"] = [field for field in schema.get("required", ()) if field not in GONE.get(name, ())]
    return jsonschema_rs.Draft202012Validator(schema)


def _read(path: Path) -> Any:
    if not path.is_file():
        give_up("GitLab's own schemas", path)
    return msgspec.json.decode(path.read_bytes())


def _whole(path: Path, node: Any) -> Any:
    """The schema with the files that it refers to in the place of their names."""
    if isinstance(node, list):
        return [_whole(path, each) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        inner = path.parent / node["$ref"]
        return (
            _whole(inner, _read(inner)) if inner.is_file() else {}
        )  # that of a job's detailed status was not published
    return {name: _whole(path, value) for name, value in node.items()}


def _relaxed(node: Any) -> Any:
    if isinstance(node, list):
        return [_relaxed(each) for each in node]
    if not isinstance(node, dict):
        return "string" if node in ("uri", "date") else node
    return {name: _relaxed(value) for name, value in node.items() if name != "additionalProperties"}
