"""Loads Bitbucket Cloud's description of its API, and takes it at its word where that is possible.

It declares nothing nullable, and closes objects that its own hosts' answers put more into: recorded answers of the host
(`samples/go-scm/bitbucket` in the specifications' folder) are judged beside the forge's, and would not pass otherwise.
"""

from __future__ import annotations

import gzip
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from tests.contract.closed_schema import COMPONENT
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
    "type": "Every object has to have a `type`; the document's own requests have none.",
    "parameters": "`PARAMETERS`, and what the introduction says of every GET and of every list.",
    "bodies": "`BODIES`: what POSTs take is told in prose at some operations.",
    "fields": "Who names the fields of an answer gets no others, whatever is required (`partial`).",
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
    # POST pullrequests: "`description` - a string"
    ("pullrequest", "allOf", "1", "properties", "description"): {"type": "string"},
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

#: Parameters of the query that are told in prose, or elsewhere: by the address, for GET.
PARAMETERS: dict[str, dict[str, str]] = {
    # "Commits are on refs `foo` or `bar`, but not on `fu`": its own examples
    f"{_REPOSITORY}/commits": {"include": "string", "exclude": "string"},
    # "When two commits are provided and the `topic` query parameter is true"; the other one stands in the address that
    # the pull request's own diff leads to.
    f"{_REPOSITORY}/diffstat/{{spec}}": {"topic": "boolean", "from_pullrequest_id": "integer"},
    f"{_REPOSITORY}/diff/{{spec}}": {"from_pullrequest_id": "integer"},
    # Passed on to where it leads.
    f"{_PULL}/diff": {"binary": "boolean"},
    f"{_PULL}/diffstat": {"pagelen": "integer"},
}
#: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#partial-response, #filtering and #pagination
_EVERYWHERE = {"fields": "string"}
_OF_LISTS = {"q": "string", "sort": "string", "pagelen": "integer", "page": "string"}
#: The bodies of POSTs that are told in prose.
BODIES: dict[str, dict[str, Any]] = {
    # "The branch name should not include any prefixes", "The provided hash": its own examples
    f"{_REPOSITORY}/refs/branches": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "target": {"type": "object", "properties": {"hash": {"type": "string"}}, "required": ["hash"]},
        },
        "required": ["name", "target"],
    },
}
#: What the components of requests are called, beside those of answers.
_ASKED = "asked."


def judge(*, partial: bool = False) -> Judge:
    """Judge by the document, as far as it can be believed; `partial` answers have what was asked for alone."""
    return Judge(document(partial=partial), closed_answers=False, customs=CUSTOMS)


def names_fields(query: str) -> bool:
    """Whether a request asks for some fields alone, and not for more or fewer than usual."""
    return any(name == "fields" and value[0] not in "+-" for name, value in parse_qsl(query))


@cache
def raw() -> dict[str, Any]:
    """Load the document as it is."""
    if not FILE.is_file():
        give_up("Bitbucket Cloud's OpenAPI document", FILE)
    found: dict[str, Any] = msgspec.json.decode(gzip.decompress(FILE.read_bytes()))
    return found


@cache
def document(*, partial: bool = False) -> OpenApi:
    """Relax it: answers as the host's own are, requests to what its own examples are."""
    corrected = {name: _corrected(name, schema) for name, schema in raw()["components"]["schemas"].items()}
    answered = {name: relaxed(schema, partial=partial) for name, schema in corrected.items()}
    asked = {f"{_ASKED}{name}": requested(schema) for name, schema in corrected.items()}
    components = {
        kind: {name: _raw(part) for name, part in parts.items()} for kind, parts in raw()["components"].items()
    }
    schemas = {name: _raw(schema) for name, schema in {**answered, **asked}.items()}
    return OpenApi(
        paths={path: _operations(path, operations, partial) for path, operations in raw()["paths"].items()},
        components={**components, "schemas": schemas},
    )


def _raw(part: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(part))


def _operations(path: str, operations: dict[str, Any], partial: bool) -> dict[str, msgspec.Raw]:
    methods = {method: each for method, each in operations.items() if method != "parameters"}
    return {
        method: _raw(_asked(path, method, _answered(path, method, each, partial))) for method, each in methods.items()
    }


def _answered(path: str, method: str, operation: dict[str, Any], partial: bool) -> dict[str, Any]:
    if method != "get" or path not in ANSWERS:
        return operation
    known = operation["responses"]
    good = {"description": "", "content": relaxed(ANSWERS[path], partial=True) if partial else ANSWERS[path]}
    return {**operation, "responses": {**{each: known[each] for each in known if each != "default"}, "200": good}}


def _asked(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    if method == "get":
        more = {**_EVERYWHERE, **(_OF_LISTS if _is_list(operation) else {}), **PARAMETERS.get(path, {})}
        told = operation.get("parameters", [])
        new = more.keys() - {each.get("name") for each in told}
        added = [{"name": name, "in": "query", "schema": {"type": more[name]}} for name in sorted(new)]
        return {**operation, "parameters": [*told, *added]}
    if method == "post" and path in BODIES:
        return {**operation, "requestBody": {"content": {JSON: {"schema": BODIES[path]}}, "required": True}}
    body = operation.get("requestBody", {}).get("content", {}).get(JSON)
    if body is None:
        return operation
    return {**operation, "requestBody": {"content": {JSON: {"schema": requested(body["schema"])}}}}


def _is_list(operation: dict[str, Any]) -> bool:
    schema = operation["responses"].get("200", {}).get("content", {}).get(JSON, {}).get("schema", {})
    return "/paginated_" in schema.get("$ref", "") or "pagelen" in schema.get("properties", {})


def requested(schema: Any) -> Any:
    """A schema of what is sent: by components of its own, in which no object has to say its `type`."""
    if isinstance(schema, list):
        return [requested(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {word: requested(value) for word, value in schema.items() if word != "additionalProperties"}
    if isinstance(kept.get("$ref"), str):
        kept["$ref"] = kept["$ref"].replace(COMPONENT, f"{COMPONENT}{_ASKED}")
    if isinstance(kept.get("required"), list):
        kept["required"] = [name for name in kept["required"] if name != "type"]
    return kept


def relaxed(schema: Any, *, partial: bool = False) -> Any:
    """A schema in which nothing is closed and every property may be null; of a `partial` one nothing has to be there."""
    if isinstance(schema, list):
        return [relaxed(each, partial=partial) for each in schema]
    if not isinstance(schema, dict):
        return schema
    left_out = {"properties", "additionalProperties", *(["required"] if partial else [])}
    kept = {word: relaxed(value, partial=partial) for word, value in schema.items() if word not in left_out}
    if None in kept.get("enum", ()):
        kept["enum"] = [value for value in kept["enum"] if value is not None]
    if "properties" in schema:
        there = {name: relaxed(value, partial=partial) for name, value in schema["properties"].items()}
        kept["properties"] = {name: _nullable(value) for name, value in there.items()}
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
