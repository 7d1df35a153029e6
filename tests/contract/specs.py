"""Finds what others have published about the hosts: OpenAPI documents, GraphQL schemas, recorded samples.

Two places are asked. The packages `@octokit/openapi` and `@octokit/graphql-schema` of the npm registry hold GitHub's whole
documents (`make specs` puts them into `.deps/`); the folder that `PULLBRIDGE_SPECS` names holds slices of the same
versions, about pull requests only. The whole is preferred: a slice knows nothing of git refs, locks, forks and search.
GitLab publishes no such package: the folder holds what was read from its documentation and source, and the package
`gitlab-graphql-types` what GitLab 15.0 told of its GraphQL schema.
"""

from __future__ import annotations

import gzip
import lzma
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec
import pytest
from graphql import build_client_schema, build_schema

if TYPE_CHECKING:
    from graphql import GraphQLSchema

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / os.environ.get("PULLBRIDGE_SPECS", "../shared")
PACKAGES = ROOT / ".deps" / "node_modules"
NPM = PACKAGES / "@octokit"

DOTCOM = "api.github.com"
GHES = ("ghes-3.17", "ghes-3.18", "ghes-3.19")


class OpenApi(msgspec.Struct):
    """An OpenAPI document whose parts stay undecoded until they are asked for: a whole one is 13 MB."""

    paths: dict[str, dict[str, msgspec.Raw]]
    components: dict[str, dict[str, msgspec.Raw]]


@cache
def github_openapi(flavour: str = DOTCOM) -> OpenApi:
    """Load GitHub's description of its REST API; `flavour` is `DOTCOM` or one of `GHES`."""
    whole = NPM / "openapi" / "generated" / f"{flavour}.json"
    slice_ = SHARED / "specs" / "github" / f"github-{flavour}.pr.slice.json.gz"
    if whole.is_file():
        raw = whole.read_bytes()
    elif slice_.is_file():
        raw = gzip.decompress(slice_.read_bytes())
    else:
        give_up(f"GitHub's OpenAPI document of {flavour}", whole, slice_)
    return msgspec.json.decode(raw, type=OpenApi)


@cache
def github_schema() -> GraphQLSchema:
    """Build GitHub's GraphQL schema.

    It is taken as it is: it defines one field twice (`EnterpriseOwnerInfo.repositoryDeployKeySetting`), and deprecates
    fields (`PullRequest.databaseId`) that their interfaces do not.
    """
    whole = NPM / "graphql-schema" / "schema.graphql"
    packed = SHARED / "specs" / "github" / "github.schema.graphql.xz"
    if whole.is_file():
        text = whole.read_text("utf-8")
    elif packed.is_file():
        text = lzma.decompress(packed.read_bytes()).decode()
    else:
        give_up("GitHub's GraphQL schema", whole, packed)
    return build_schema(text, assume_valid=True, no_location=True)


@cache
def gitlab_schema() -> GraphQLSchema:
    """Build the GraphQL schema of GitLab 15.0, Enterprise Edition, from its answer to an introspection (May 2022)."""
    whole = PACKAGES / "gitlab-graphql-types" / "graphql.schema.json"
    if not whole.is_file():
        give_up("GitLab's GraphQL schema of 15.0", whole)
    return build_client_schema(msgspec.json.decode(whole.read_bytes()), assume_valid=True)


@cache
def gitlab_graphql_facts() -> dict[str, Any]:
    """Load what the reference of GitLab 17.9 says of the GraphQL types about merge requests."""
    facts = SHARED / "specs" / "gitlab" / "graphql-fields.json"
    if not facts.is_file():
        give_up("the facts about GitLab's GraphQL fields", facts)
    found: dict[str, Any] = msgspec.json.decode(facts.read_bytes())
    return found


def samples(host: str = "github") -> Path:
    """Give the folder of recorded answers of a host that the authors of drone/go-scm keep, by go-scm's name of it."""
    folder = SHARED / "samples" / "go-scm" / host
    if not folder.is_dir():
        give_up(f"go-scm's recorded answers of {host}", folder)
    return folder


def give_up(what: str, *places: Path) -> NoReturn:
    """Skip the test for want of `what`; fail it where the continuous integration must have it."""
    reason = f"{what} is not at hand (wanted: {' or '.join(map(str, places))}): `make specs`, or set PULLBRIDGE_SPECS"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
