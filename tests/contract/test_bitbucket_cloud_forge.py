"""What the forge's Bitbucket Cloud answers is what Atlassian documents: every operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from tests.contract.bitbucket_cloud_document import API, SAMPLES, document, judge, raw
from tests.contract.bitbucket_cloud_tour import BitbucketCloudTour
from tests.contract.closed_schema import json_schema
from tests.contract.openapi import JSON, Exchange
from tests.contract.specs import give_up
from tests.contract.watching import exchange, unserved

from pullbridge.testing import Forge
from pullbridge.testing.bitbucket_cloud.app import ROUTES

pytestmark = pytest.mark.contract

#: In the whole document, and not in the slice about pull requests.
BEYOND_THE_SLICE = [
    "GET /repositories/octo",
    "GET /repositories/octo/app/file-conflicts/fix/edge..main",
    "GET /repositories/octo/app/forks",
    "GET /repositories/octo/app/patch/fix/edge..main",
    "GET /repositories/octo/app/src/main/",
    "POST /repositories/octo/app/forks",
]

#: What redirects, and never answers itself.
REDIRECTS = ["diff", "diffstat", "patch", "conflicts"]


@pytest.fixture(scope="module")
def toured() -> list[Exchange]:
    """Every exchange of the tour."""
    with Forge() as forge:
        BitbucketCloudTour(forge.bitbucket_cloud).walk()
        return [exchange(recorded, lambda path: path.removeprefix(API)) for recorded in forge.bitbucket_cloud.requests]


def test_every_answer_is_documented(toured: list[Exchange]) -> None:
    """Every status, media type and body is what Bitbucket's own document allows."""
    judging = judge()
    found: Counter[str] = Counter()
    for each in toured:
        operation = judging.operation(each.method, each.path)
        if operation is not None:
            problems = judging.answer_problems(operation, each)
            found.update(f"{each.method} {operation.template} {each.status}: {problem}" for problem in problems)
    assert "\n".join(f"{count} x {problem}" for problem, count in sorted(found.items())) == ""


def test_nothing_is_made_up(toured: list[Exchange]) -> None:
    """What the document has no operation for is known, and is in the whole of it."""
    judging = judge()
    unknown = {f"{each.method} {each.path}" for each in toured if judging.operation(each.method, each.path) is None}
    assert sorted(unknown) == BEYOND_THE_SLICE


def test_the_tour_goes_everywhere(toured: list[Exchange]) -> None:
    """Every operation of the forge has answered with a success; a pull request's diffs only redirect."""
    pull = "/repositories/<workspace>/<slug>/pullrequests/<int:id>"
    assert unserved(((route.method, route.rule) for route in ROUTES), toured) == [
        *(f"GET {pull}/{name}" for name in REDIRECTS),
        "GET /repositories/<workspace>/<slug>/src",
    ]


# -- keys ----------------------------------------------------------------------------------------------------------------

#: Which component an object is, by its `type`.
COMPONENTS = {
    "pullrequest": "pullrequest",
    "pullrequest_comment": "pullrequest_comment",
    "participant": "participant",
    "user": "user",
    "repository": "repository",
    "commit": "commit",
    "branch": "branch",
    "build": "commitstatus",
    "diffstat": "diffstat",
    "commit_file": "commit_file",
    "workspace": "workspace",
    "error": "error",
}

#: Keys that neither the document nor a sample names, and who has seen them.
SEEN = {
    # the document shows them in its prose (GET src/{commit}/{path}), or calls them so
    "commit_file": {"links", "size", "mimetype", "escaped_path"},
    # https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/
    "commit": {"links", "rendered"},
    "user": {"username", "location", "is_staff", "has_2fa_enabled"},
    "repository": {"slug", "workspace"},
    "build": {"commit", "repository"},
}


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in an answer, at any depth, that says its type."""
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from objects(each)


def named(component: str) -> set[str]:
    """The properties that a component and what it is made of name."""
    schema = raw()["components"]["schemas"][component]
    parts = [schema, *schema.get("allOf", ())]
    keys = {key for part in parts for key in part.get("properties", {})}
    return keys.union(*(named(part["$ref"].rpartition("/")[2]) for part in parts if "$ref" in part))


def sampled() -> dict[str, set[str]]:
    """The keys that recorded answers of the host have, by type."""
    if not SAMPLES.is_dir():
        give_up("go-scm's recorded answers of Bitbucket", SAMPLES)
    found: dict[str, set[str]] = {}
    for path in (*SAMPLES.glob("*.json"), *SAMPLES.glob("webhooks/*.json")):
        for each in objects(msgspec.json.decode(path.read_bytes())):
            found.setdefault(each["type"], set()).update(each)
    return found


def test_no_key_is_made_up(toured: list[Exchange]) -> None:
    """Every key of an object is named by the document, seen in a recorded answer, or noted here with its source."""
    known = sampled()
    unknown: set[str] = set()
    for each in toured:
        if each.answer_headers.get("content-type", "").startswith(JSON):
            for found in objects(msgspec.json.decode(each.answer)):
                kind = found["type"]
                if kind in COMPONENTS:
                    allowed = named(COMPONENTS[kind]) | known.get(kind, set()) | SEEN.get(kind, set())
                    unknown.update(f"{kind}.{key}" for key in found.keys() - allowed)
    assert sorted(unknown) == []


# -- the relaxations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("pr.json", "pullrequest"),
        ("prs.json", "paginated_pullrequests"),
        ("prcomment.json", "pullrequest_comment"),
        ("prcomments.json", "paginated_pullrequest_comments"),
        ("status.json", "commitstatus"),
        ("statuses.json", "paginated_commitstatuses"),
        ("pr_diffstat.json", "paginated_diffstats"),
        ("user.json", "user"),
        ("error.json", "error"),
    ],
)
def test_recorded_answers_would_pass(name: str, component: str) -> None:
    """The relaxed document is what real answers need: it lets every recorded one through."""
    path = SAMPLES / name
    if not path.is_file():
        give_up("go-scm's recorded answers of Bitbucket", path)
    schemas = document().components["schemas"]
    whole = json_schema(
        {"$ref": f"#/components/schemas/{component}"}, lambda each: msgspec.json.decode(schemas[each]), closed=False
    )
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
    assert [error.message for error in validator.iter_errors(msgspec.json.decode(path.read_bytes()))] == []
