"""Loads Bitbucket Cloud's description of its API, and takes it at its word where that is possible.

It declares nothing nullable, and closes objects that its own hosts' answers put more into: recorded answers of the host
(`samples/go-scm/bitbucket` in the specifications' folder) are judged beside the forge's, and would not pass otherwise.
"""

from __future__ import annotations

import gzip
from functools import cache
from typing import Any

import msgspec
from tests.contract.openapi import JSON, Customs, Judge
from tests.contract.specs import SHARED, OpenApi, give_up

API = "/2.0"
FILE = SHARED / "specs" / "bitbucket" / "bitbucket-cloud.pr.slice.json.gz"
SAMPLES = SHARED / "samples" / "go-scm" / "bitbucket"

#: Each way in which the document is not taken at its word, and why.
RELAXATIONS = {
    "closed": "Objects are closed within composites, and `links` lack what the host sends: nothing is closed.",
    "nulls": "Nothing is declared nullable; `merge_commit`, `closed_by`, `inline.from` and many more are null in samples.",
    "corrections": "`CORRECTIONS`: the document's own prose shows other types.",
    "answers": "`ANSWERS`: what is told in prose only, or not at all.",
    "status": "What any call may be answered is told on the introduction's page, not again at each operation.",
}

_INTRODUCTION = "https://developer.atlassian.com/cloud/bitbucket/rest/intro/"
CUSTOMS = Customs(
    any_time={
        301: "https://support.atlassian.com/bitbucket-cloud/docs/change-a-repositorys-name/",
        302: f"{_INTRODUCTION}#uri-structure",
        304: f"{_INTRODUCTION}#uri-structure",
        **dict.fromkeys((400, 401, 403, 404, 405, 409), f"{_INTRODUCTION}#standardized-error-responses"),
        429: "https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/",
        555: f"{_INTRODUCTION}#standardized-error-responses",
    },
    with_slashes=frozenset({"path", "spec", "revspec", "revision", "name"}),
    error={"$ref": "#/components/schemas/error"},
    plain=frozenset({301, 302, 401}),  # they may have no body
)

#: Schemas that prose, or the host itself, contradicts: by component and the way to the wrong place.
CORRECTIONS: dict[tuple[str, ...], dict[str, Any]] = {
    # GET src/{commit}/{path}: "File objects contain an `attributes` element that contains a list"
    ("commit_file", "properties", "attributes"): {"type": "array", "items": {"type": "string"}},
    # `git@bitbucket.org:octo/app.git` is no URI
    ("repository", "allOf", "1", "properties", "links", "properties", "clone"): {"type": "array"},
    # renovatebot/renovate#13274 has `fields` beside `message`
    ("error", "properties", "error", "properties", "fields"): {"type": "object"},
    # Sonar's tests have `{"granted": ["email"], "required": ["account"]}`
    ("error", "properties", "error", "properties", "detail"): {},
}

_PULL = "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}"
_REPOSITORY = "/repositories/{workspace}/{repo_slug}"
_ACTIVITY = {
    "type": "object",
    "properties": {
        "values": {"type": "array", "items": {"type": "object", "required": ["pull_request"]}},
        "pagelen": {"type": "integer"},
        "next": {"type": "string", "format": "uri"},
    },
    "required": ["values", "pagelen"],
}
_TASK = {
    "type": "object",
    "properties": {
        "task_status": {"type": "string", "enum": ["PENDING", "SUCCESS"]},
        "links": {"type": "object", "required": ["self"]},
        "merge_result": {"$ref": "#/components/schemas/pullrequest"},
    },
    "required": ["task_status", "links"],
}
#: The answers of a success that the document describes in prose: by the address, for GET.
ANSWERS: dict[str, dict[str, Any]] = {
    f"{_PULL}/activity": {JSON: {"schema": _ACTIVITY}},
    f"{_REPOSITORY}/pullrequests/activity": {JSON: {"schema": _ACTIVITY}},
    f"{_PULL}/commits": {JSON: {"schema": {"$ref": "#/components/schemas/paginated_changeset"}}},
    f"{_PULL}/merge/task-status/{{task_id}}": {JSON: {"schema": _TASK}},
    f"{_REPOSITORY}/diff/{{spec}}": {"text/plain": {}},
    f"{_REPOSITORY}/src/{{commit}}/{{path}}": {
        "*/*": {},
        JSON: {
            "schema": {
                "anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("paginated_treeentries", "treeentry")]
            }
        },
    },
    "/user/emails": {JSON: {"schema": {"type": "object", "required": ["values"]}}},
    "/user/workspaces/{workspace}/permission": {JSON: {"schema": {"type": "object", "required": ["permission"]}}},
}


def judge() -> Judge:
    """Judge by the document, as far as it can be believed."""
    return Judge(document(), closed_answers=False, customs=CUSTOMS)


@cache
def raw() -> dict[str, Any]:
    """Load the document as it is."""
    if not FILE.is_file():
        give_up("Bitbucket Cloud's OpenAPI document", FILE)
    found: dict[str, Any] = msgspec.json.decode(gzip.decompress(FILE.read_bytes()))
    return found


@cache
def document() -> OpenApi:
    """Relax it."""
    schemas = {name: relaxed(_corrected(name, schema)) for name, schema in raw()["components"]["schemas"].items()}
    paths = {
        path: {method: _operation(path, method, each) for method, each in operations.items() if method != "parameters"}
        for path, operations in raw()["paths"].items()
    }
    components = {
        kind: {name: _raw(part) for name, part in parts.items()} for kind, parts in raw()["components"].items()
    }
    return OpenApi(
        paths={path: {method: _raw(each) for method, each in operations.items()} for path, operations in paths.items()},
        components={**components, "schemas": {name: _raw(schema) for name, schema in schemas.items()}},
    )


def _raw(part: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(part))


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    if method != "get" or path not in ANSWERS:
        return operation
    known = operation["responses"]
    good = {"description": "", "content": ANSWERS[path]}
    return {**operation, "responses": {**{each: known[each] for each in known if each != "default"}, "200": good}}


def relaxed(schema: Any) -> Any:
    """A schema in which nothing is closed and every property may be null."""
    if isinstance(schema, list):
        return [relaxed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        word: relaxed(value) for word, value in schema.items() if word not in {"properties", "additionalProperties"}
    }
    if None in kept.get("enum", ()):
        kept["enum"] = [value for value in kept["enum"] if value is not None]
    if "properties" in schema:
        kept["properties"] = {name: _nullable(relaxed(value)) for name, value in schema["properties"].items()}
    return kept


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"oneOf": [schema], "nullable": True} if "$ref" in schema else {**schema, "nullable": True}


def _corrected(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    corrected: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(schema))
    for (component, *way), right in CORRECTIONS.items():
        if component == name:
            place: Any = corrected
            for step in way[:-1]:
                place = place[int(step)] if isinstance(place, list) else place[step]
            place[way[-1]] = right
    return corrected
