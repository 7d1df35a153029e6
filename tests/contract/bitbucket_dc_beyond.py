"""Operations of Bitbucket Data Center 9.2 that the slice about pull requests leaves out, as Atlassian's whole document has them.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-repository/ (repos, forks),
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/ (reviewer-groups),
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-builds-and-deployments/ (required-builds)
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

STRING, WHOLE = {"type": "string"}, {"type": "integer"}
_PLACE = "projects/{projectKey}/repos/{repositorySlug}"
_PAGED: tuple[tuple[str, Json], ...] = (("start", WHOLE), ("limit", WHOLE))


def _words(*words: str) -> Json:
    return {"type": "string", "enum": list(words)}


def _a(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**fields: Json) -> Json:
    return {"type": "object", "properties": fields}


def _page(name: str) -> Json:
    rows = {"type": "array", "items": _a(name)}
    flag, after = {"type": "boolean"}, {**WHOLE, "nullable": True}
    return _object(isLastPage=flag, limit=WHOLE, nextPageStart=after, size=WHOLE, start=WHOLE, values=rows)


def _listing(template: str, row: str, *queries: tuple[str, Json]) -> Json:
    """`GET`, which answers pages of such rows."""
    path = [
        {"in": "path", "name": name, "required": True, "schema": STRING}
        for name in ("projectKey", "repositorySlug")
        if f"{{{name}}}" in template
    ]
    asked = [{"in": "query", "name": name, "schema": schema} for name, schema in (*queries, *_PAGED)]
    content = {"application/json": {"schema": _page(row)}}
    return {"get": {"parameters": [*path, *asked], "responses": {"200": {"content": content}}}}


_REPOS: tuple[tuple[str, Json], ...] = (
    *((name, STRING) for name in ("archived", "projectname", "projectkey", "name")),
    ("visibility", _words("public", "private")),
    ("permission", _words("REPO_READ", "REPO_WRITE", "REPO_ADMIN")),
    ("state", _words("AVAILABLE", "INITIALISING", "INITIALISATION_FAILED", "OFFLINE")),
)
PATHS: dict[str, Json] = {
    template: _listing(template, row, *queries)
    for template, row, queries in (
        ("/api/latest/repos", "RestRepository", _REPOS),
        (f"/api/latest/{_PLACE}/forks", "RestRepository", ()),
        (f"/api/latest/{_PLACE}/settings/reviewer-groups", "RestReviewerGroup", ()),
        (f"/required-builds/latest/{_PLACE}/conditions", "RestRequiredBuildCondition", ()),
    )
}

_MATCHER = _object(
    displayId=STRING,
    id=STRING,
    type=_object(id=_words("ANY_REF", "BRANCH", "PATTERN", "MODEL_CATEGORY", "MODEL_BRANCH"), name=STRING),
)
SCHEMAS: dict[str, Json] = {
    "RestReviewerGroup": _object(
        avatarUrl=STRING,
        description=STRING,
        id=WHOLE,
        name=STRING,
        scope=_object(resourceId=WHOLE, type=_words("GLOBAL", "PROJECT", "REPOSITORY")),
        users={"type": "array", "items": _a("RestApplicationUser")},
    ),
    "RestRequiredBuildCondition": _object(
        buildParentKeys={"type": "array", "items": STRING}, id=WHOLE, refMatcher=_MATCHER, exemptRefMatcher=_MATCHER
    ),
}
