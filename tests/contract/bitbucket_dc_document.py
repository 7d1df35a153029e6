"""Bitbucket Data Center's own OpenAPI document (9.2), with the corrections that its answers need.

It is generated from Java classes, and knows neither what plugins add nor what a list of something else really is. What is
corrected here was seen in recorded answers (drone/go-scm's samples of Bitbucket Server, captures of 9.4 and 10.4 in public
projects), or is read so by the clients of others; each correction says which.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from tests.contract import bitbucket_dc_beyond as beyond
from tests.contract.openapi import JSON, Customs, Judge
from tests.contract.specs import SHARED, OpenApi, give_up

Json = dict[str, Any]

STRING, WHOLE, FLAG, OBJECT = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}, {"type": "object"}
USER = {"$ref": "#/components/schemas/RestApplicationUser"}
COMMIT = {"$ref": "#/components/schemas/RestCommit"}
MINIMAL = {"$ref": "#/components/schemas/RestMinimalCommit"}
PATH: Json = {
    "type": "object",
    "properties": {
        "components": {"type": "array", "items": STRING},
        "parent": STRING,
        "name": STRING,
        "extension": STRING,
        "toString": STRING,
    },
    "required": ["components", "name", "toString"],
}
#: Both are answered: objects by changes and diffs, strings by the anchors of comments.
EITHER_PATH: Json = {"oneOf": [STRING, PATH]}


def ref(name: str) -> Json:
    """A schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def several(schema: Json) -> Json:
    """A list without pages."""
    return {"type": "array", "items": schema}


def page(schema: Json, **more: Json) -> Json:
    """A page of rows."""
    after = {**WHOLE, "nullable": True}  # null on the last page of older ones
    fields = {"size": WHOLE, "limit": WHOLE, "start": WHOLE, "isLastPage": FLAG, "nextPageStart": after}
    needed = ["size", "limit", "start", "isLastPage", "values"]
    return {"type": "object", "properties": {**fields, "values": several(schema), **more}, "required": needed}


#: What objects have besides, wherever they are: known by some of their fields, because the document repeats them inline.
BESIDES: tuple[tuple[frozenset[str], Json], ...] = (
    # a personal project tells whose it is (go-scm's samples)
    (frozenset({"key", "avatar", "scope"}), {"owner": USER}),
    # go-scm's pr_comment.json; `severity` and `state` are there, what is done with them is not
    (frozenset({"threadResolved", "severity"}), {"permittedOperations": OBJECT, "tasks": {"type": "array"}}),
    # go-scm's pr.json has no `properties`, a capture of 9.4's dashboard has them; `author` is in all samples
    (frozenset({"fromRef", "toRef", "reviewers", "locked"}), {"author": ref("RestPullRequestParticipant"), "properties": OBJECT}),
    # drift is a field of the class, and in all samples
    (
        frozenset({"diffType", "fileType", "lineType"}),
        {
            "orphaned": FLAG,
            "path": EITHER_PATH,
            "srcPath": EITHER_PATH,
            # which lines a range has on each side: later versions want it, 9.2 passes over it
            # (https://github.com/b1ff/atlassian-dc-mcp/pull/43, found with 9.3.2)
            "multilineSpan": {
                "type": "object",
                "properties": dict.fromkeys(("srcSpanStart", "srcSpanEnd", "dstSpanStart", "dstSpanEnd"), WHOLE),
                "additionalProperties": False,
            },
        },
    ),
    (frozenset({"components", "parent", "name"}), {"toString": STRING}),
    # go-scm's pr_change.json
    (frozenset({"contentId", "percentUnchanged"}), {"properties": OBJECT}),
    # a capture of 9.4
    (frozenset({"testResults", "buildNumber", "createdDate"}), {"dateAdded": WHOLE, "projectKey": STRING} | {"repositorySlug": STRING, "commit": COMMIT}),
    # `canMerge` is read by atlassian-python-api, and in a test against 10.4
    (frozenset({"conflicted", "outcome", "vetoes"}), {"canMerge": FLAG}),
    # the class's `isDefault`; `metadata` comes with `details` (Atlassian's own documentation has both)
    (frozenset({"latestChangeset", "displayId", "id"}), {"isDefault": FLAG, "metadata": OBJECT, "hash": STRING}),
    # the fields that the actions have, from go-scm's pr_comments.json and from clients of activities
    (
        frozenset({"action", "createdDate", "user"}),
        {
            "commentAction": STRING,
            "comment": ref("RestComment"),
            "commentAnchor": {"$ref": "#/components/schemas/Anchor"},
            "diff": ref("RestDiff"),
            "addedReviewers": several(USER),
            "removedReviewers": several(USER),
            "fromHash": STRING,
            "previousFromHash": STRING,
            "previousToHash": STRING,
            "toHash": STRING,
            "added": {"$ref": "#/components/schemas/Commits"},
            "removed": {"$ref": "#/components/schemas/Commits"},
            "commit": COMMIT,
        },
    ),
    # who wrote a commit is a user, if one has the address (the same capture)
    (frozenset({"avatarUrl", "emailAddress", "name"}), {"active": FLAG, "displayName": STRING, "id": WHOLE} | {"slug": STRING, "type": STRING, "links": OBJECT}),
    # a matcher of branches is active or not
    (frozenset({"displayId", "id", "type"}), {"active": FLAG}),
    (frozenset({"exceptionName", "message"}), {"currentVersion": WHOLE, "expectedVersion": WHOLE, "conflicted": FLAG, "vetoes": several(ref("RestRepositoryHookVeto")), "existingPullRequest": ref("RestPullRequest"), "reviewerErrors": several(ref("RestErrorMessage")), "validReviewers": several(USER)}),
)  # fmt: skip

#: Fields that come as null, by some fields of their object: an added file has no source, an error is about no field.
NULLS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset({"source", "destination", "hunks"}), ("source", "destination")),
    (frozenset({"exceptionName", "message"}), ("context", "exceptionName")),
    (frozenset({"latestChangeset", "displayId", "id"}), ("hash",)),
)

#: Schemas that the document lacks.
MORE_SCHEMAS: dict[str, Json] = {
    "Anchor": {
        "type": "object",
        "properties": {
            **dict.fromkeys(("fromHash", "toHash", "lineType", "fileType", "diffType"), STRING),
            "line": WHOLE,
            "path": EITHER_PATH,
            "srcPath": EITHER_PATH,
            "orphaned": FLAG,
            "multilineMarker": {"type": "object", "properties": {"startLine": WHOLE, "startLineType": STRING}},
        },
    },
    "Commits": {"type": "object", "properties": {"commits": several(COMMIT), "total": WHOLE}},
    "Emptiness": {"type": "object"},
}

_REPO = "/api/latest/projects/{projectKey}/repos/{repositorySlug}"
_PULL = f"{_REPO}/pull-requests/{{pullRequestId}}"
_CHANGED: Json = {"fromHash": {**STRING, "nullable": True}, "toHash": STRING, "properties": OBJECT}
_DIFFS: Json = {
    "type": "object",
    "properties": {
        "fromHash": STRING,
        "toHash": STRING,
        "contextLines": WHOLE,
        "whitespace": STRING,
        "diffs": several(ref("RestDiff")),
        "truncated": FLAG,
    },
    "required": ["diffs"],
}
_FOLDER: Json = {
    "type": "object",
    "properties": {"path": PATH | {"required": []}, "revision": STRING, "children": OBJECT},
}
_LINES: Json = {
    "type": "object",
    "properties": {"lines": several({"type": "object", "properties": {"text": STRING}}), "start": WHOLE, "size": WHOLE}
    | {"isLastPage": FLAG, "nextPageStart": WHOLE},
}
#: "type will return a response like {"type":"FILE"}", as the operation's prose says.
_KIND: Json = {
    "type": "object",
    "properties": {"type": {"type": "string", "enum": ["DIRECTORY", "FILE", "SUBMODULE"]}},
}
#: Answers that are something else than the document says: mostly a page or a list where it names one row.
ANSWERS: dict[tuple[str, str], Json] = {
    ("get", "/api/latest/users"): page(USER),
    ("get", "/api/latest/inbox/pull-requests"): page(ref("RestPullRequest")),
    ("get", "/api/latest/inbox/pull-requests/count"): {"type": "object", "properties": {"count": WHOLE}},
    ("get", f"{_PULL}/changes"): page(ref("RestChange"), **_CHANGED),
    ("get", f"{_REPO}/changes"): page(ref("RestChange"), **_CHANGED),
    ("get", f"{_REPO}/commits/{{commitId}}/changes"): page(ref("RestChange"), **_CHANGED),
    ("get", f"{_REPO}/compare/changes"): page(ref("RestChange"), **_CHANGED),
    ("get", f"{_REPO}/files/{{path}}"): page(STRING),
    ("get", f"{_REPO}/files"): page(STRING),
    ("get", f"{_REPO}/browse/{{path}}"): {"anyOf": [_LINES, _FOLDER, _KIND]},
    ("get", f"{_REPO}/browse"): _FOLDER,
    ("get", f"{_REPO}/raw/{{path}}"): {},
    ("get", f"{_PULL}.patch"): {},
    ("put", f"{_PULL}/review"): {"type": "object", "properties": {"publishedCommentCount": WHOLE}},
    ("get", f"{_PULL}/blocker-comments"): {"oneOf": [page(ref("RestComment")), {"type": "object", "additionalProperties": WHOLE}]},
    # atlassian-python-api and others read people here
    ("get", "/default-reviewers/latest/projects/{projectKey}/repos/{repositorySlug}/reviewers"): several(USER),
    **{
        ("get", path): _DIFFS
        for path in (
            f"{_PULL}/diff/{{path}}",
            f"{_REPO}/commits/{{commitId}}/diff/{{path}}",
            f"{_REPO}/compare/diff{{path}}",
            f"{_REPO}/diff/{{path}}",
            f"{_REPO}/diff",
        )
    },
}  # fmt: skip

#: Requests: parameters that are told in prose alone, and fields that the classes of answers hide from those of requests.
PARAMETERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("get", f"{_REPO}/pull-requests"): tuple(
        f"{word}.{number}" for word in ("username", "role", "approved") for number in range(1, 11)
    ),
    # one filter, or filters that are numbered from 1; "Retrieve a page of users"
    ("get", "/api/latest/users"): (
        *(
            f"permission{number}{part}"
            for number in ("", ".1")
            for part in ("", ".projectKey", ".repositorySlug", ".repositoryId")
        ),
        "start",
        "limit",
    ),
}
_ANY = "https://developer.atlassian.com/server/bitbucket/rest/v902/intro/#errors-and-validation"

CUSTOMS = Customs(
    any_time=dict.fromkeys((400, 401, 403, 404, 405, 409, 415, 429), _ANY),
    with_slashes=frozenset({"path"}),
    error={
        "type": "object",
        "properties": {"errors": several(ref("RestErrorMessage")), "message": STRING, "status-code": WHOLE},
    },
    plain=frozenset({403, 405, 415}),
)


def judge(*, closed: bool = True) -> Judge:
    """Judge by the document and its corrections; `closed`: an answer has no other field."""
    return Judge(document(), closed_answers=closed, customs=CUSTOMS)


@cache
def document() -> OpenApi:
    """The slice that is about pull requests, corrected."""
    packed = SHARED / "specs" / "bitbucket" / "bitbucket-dc-9.2.pr.slice.json.gz"
    if not packed.is_file():
        give_up("Data Center's OpenAPI document", packed)
    raw: Json = msgspec.json.decode(gzip.decompress(packed.read_bytes()))
    raw["paths"] |= {template: dict(methods) for template, methods in beyond.PATHS.items()}
    for template, methods in raw["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict):
                _correct(method, template, operation)
    schemas = raw["components"]["schemas"] | MORE_SCHEMAS | beyond.SCHEMAS
    # Typed as a text, whose example says that it is true or false (and documented as a boolean before 8.0).
    schemas["RestPullRequestMergeRequest"]["properties"]["autoSubject"] = FLAG
    for each in [schemas, raw["paths"]]:
        for schema in list(_objects(each)):
            _complete(schema)
    paths = {
        template: {method: msgspec.Raw(msgspec.json.encode(operation)) for method, operation in methods.items()}
        for template, methods in raw["paths"].items()
    }
    packed_schemas = {name: msgspec.Raw(msgspec.json.encode(schema)) for name, schema in schemas.items()}
    return OpenApi(paths=paths, components={"schemas": packed_schemas})


def _correct(method: str, template: str, operation: Json) -> None:
    """Media types without their character set; the answers and parameters that are told otherwise."""
    for part in [operation.get("requestBody") or {}, *operation["responses"].values()]:
        if "content" in part:
            part["content"] = {_plain(name, value): value for name, value in part["content"].items()}
    for parameter in operation.get("parameters", ()):
        if "content" in parameter:
            (parameter["schema"],) = (value["schema"] for value in parameter.pop("content").values())
        if parameter["schema"].get("type") == "array":
            parameter |= {"schema": parameter["schema"]["items"], "description": "can be repeated"}
        if parameter["schema"].get("type") == "number":
            parameter["schema"] = WHOLE
    if "default" in operation["responses"]:
        operation["responses"]["200"] = operation["responses"].pop("default")
    if (method, template) in ANSWERS:
        operation["responses"]["200"]["content"] = {JSON: {"schema": ANSWERS[method, template]}, "*/*": {}}
    for name in PARAMETERS.get((method, template), ()):
        operation.setdefault("parameters", []).append({"name": name, "in": "query", "schema": STRING})


def _plain(name: str, value: Json) -> str:
    if name.startswith(JSON) or (name == "*/*" and "schema" in value):
        return JSON
    return name.partition(";")[0]


def _objects(part: Any) -> Iterator[Json]:
    """Every schema of an object, in all depth."""
    if isinstance(part, dict):
        if isinstance(part.get("properties"), dict):
            yield part
        for value in part.values():
            yield from _objects(value)
    elif isinstance(part, list):
        for value in part:
            yield from _objects(value)


def _complete(schema: Json) -> None:
    names = set(schema["properties"])
    if names == {
        "asInt",
        "present",
    }:  # how its generator writes a number that may be absent; the examples have plain ones
        schema.clear()
        schema.update(WHOLE)
        return
    if not names:  # `links`, and others of which nothing is told
        del schema["properties"]
        return
    for known, fields in BESIDES:
        if known <= names:
            schema["properties"].update(fields)
    for known, fields_ in NULLS:
        if known <= names:
            for name in fields_:
                inner = schema["properties"].get(name, STRING)
                schema["properties"][name] = {"oneOf": [inner], "nullable": True} if "$ref" in inner else {**inner, "nullable": True}  # fmt: skip
