"""What the forge answers, held against GitLab's own JSON schemas, where those are right, and its list of fields."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from tests.contract.specs import SHARED, give_up
from tests.testing.gitlab.conftest import Caller, Place

pytestmark = pytest.mark.contract

ROOT = SHARED / "specs" / "gitlab"
#: Only with parameters, permissions or a fork.
CONDITIONAL = {
    "title_html",
    "description_html",
    "rebase_in_progress",
    "diverged_commits_count",
    "allow_collaboration",
    "allow_maintainer_to_push",
}


def _read(path: Path) -> Any:
    if not path.is_file():
        give_up("GitLab's schemas and fields", path)
    return json.loads(path.read_text(encoding="utf-8"))


def _whole(path: Path, node: Any) -> Any:
    """The schema with the files it refers to in the place of their names."""
    if isinstance(node, list):
        return [_whole(path, item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        inner = path.parent / node["$ref"]
        return schema(inner) if inner.is_file() else {}  # that of a job's detailed status was not published
    return {name: _whole(path, value) for name, value in node.items()}


@cache
def schema(path: Path) -> Any:
    """One of GitLab's schemas."""
    return _whole(path, _read(path))


def check(name: str, instance: Any) -> None:
    """Refuse what a schema refuses."""
    jsonschema_rs.Draft202012Validator(schema(ROOT / "schemas" / "public_api" / "v4" / name)).validate(instance)


@pytest.fixture
def ada(place: Place) -> Caller:
    """The author of a merge request that has some of everything."""
    ada = place.person("ada")
    stone = ada.json("POST", f"{place.path}/milestones", json={"title": "v1"}, expect=201)
    me = ada.json("GET", "/user")["id"]
    place.opened(ada, labels="bug", milestone_id=stone["id"], assignee_id=me, reviewer_ids=[me])
    [ada("GET", f"{place.path}/merge_requests/1", expect=200) for _ in range(2)]
    return ada


def test_schemas(place: Place, ada: Caller) -> None:
    """Merge requests open and merged, rows of lists, branches, commits and the instance are as GitLab's schemas say."""
    one = f"{place.path}/merge_requests/1"
    check("merge_request.json", ada.json("GET", one))
    check("merge_request.json", ada.json("GET", f"{place.path}/merge_requests")[0])
    check("merge_request_simple.json", ada.json("GET", f"{place.path}/merge_requests?view=simple")[0])
    check("branch.json", ada.json("GET", f"{place.path}/repository/branches/fix"))
    check("commit/basic.json", ada.json("GET", f"{one}/commits")[0])
    check("user/basic.json", ada.json("GET", "/users?username=ada")[0])
    told = ada.json("GET", "/metadata")
    check("metadata.json", told)
    stone = ada.json("GET", f"{place.path}/milestones")[0]
    check("milestone.json", stone)
    check("merge_request.json", ada.json("PUT", f"{one}/merge"))


def test_fields(place: Place, ada: Caller) -> None:
    """The newest version answers all fields that GitLab's description has, and no others."""
    entities = _read(ROOT / "entities.json")
    answers = {
        "MergeRequest": ada.json("GET", f"{place.path}/merge_requests/1"),
        "Commit": ada.json("GET", f"{place.path}/merge_requests/1/commits")[0],
        "CommitDetail": ada.json("GET", f"{place.path}/repository/commits/fix"),
        "Metadata": ada.json("GET", "/metadata"),
        "PersonalAccessToken": ada.json("GET", "/personal_access_tokens/self"),
    }
    for name, answer in answers.items():
        known = set(entities[name]["fields"])
        assert set(answer) <= known, name
        assert known - set(answer) <= CONDITIONAL | {"granular_scopes"}, name
