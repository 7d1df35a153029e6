"""What the library and the forge say to each other is what Atlassian documents of Bitbucket Cloud, in both directions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from urllib.parse import parse_qsl, urlencode

import pytest
from tests.contract.bitbucket_cloud_document import API, judge, names_fields
from tests.contract.bitbucket_cloud_life import BitbucketCloudLife
from tests.contract.openapi import Exchange
from tests.contract.watching import exchange, told, verbs, watched
from werkzeug.wrappers import Request

from pullbridge.testing import Forge

pytestmark = pytest.mark.contract

_API = "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-"
#: In the whole document, and not in the slice about pull requests; each with the page that has it.
BEYOND_THE_SLICE = {
    "GET /repositories/[^/]+": f"{_API}repositories/#api-repositories-workspace-get",
    "(GET|POST) /repositories/octo/app/forks": f"{_API}repositories/#api-repositories-workspace-repo-slug-forks-get",
    # Where `/pullrequests/{id}/conflicts` leads.
    "GET /repositories/octo/app/file-conflicts/.+": f"{_API}pullrequests/",
}


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[list[Exchange], set[str]]]:
    """Every exchange of a whole life, and every verb that was called in it."""
    with pytest.MonkeyPatch.context() as patch, Forge() as forge:
        called = watched(patch)
        BitbucketCloudLife(forge.bitbucket_cloud).live()
        yield [exchange(each, lambda path: path.removeprefix(API)) for each in forge.bitbucket_cloud.requests], called


def formed(told: Exchange) -> Exchange:
    """An upload as the document describes it: the fields of its form as parameters, and the files by their paths."""
    boundary = told.body.partition(b"\r\n")[0].removeprefix(b"--").decode()
    kind = f"multipart/form-data; boundary={boundary}"
    length = str(len(told.body))
    environment = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind, "CONTENT_LENGTH": length}
    with Request({**environment, "wsgi.input": BytesIO(told.body)}) as request:
        assert all(name.startswith("/") for name in request.files)
        fields = list(request.form.items(multi=True))
    return replace(told, body=b"", query=urlencode(fields))


def test_everything_is_as_atlassian_documents_it(lived: tuple[list[Exchange], set[str]]) -> None:
    """Every request that the library sends and every answer that it gets is in the document, as it is relaxed."""
    heard = [formed(each) if each.method == "POST" and each.path.endswith("/src") else each for each in lived[0]]
    assert told(judge(), [each for each in heard if not names_fields(each.query)]) == ""
    assert told(judge(partial=True), [each for each in heard if names_fields(each.query)]) == ""


def test_no_operation_is_unknown(lived: tuple[list[Exchange], set[str]]) -> None:
    """The library calls no operation that the document does not have, but for those that the slice of it leaves out."""
    known = judge()
    beyond = {f"{each.method} {each.path}" for each in lived[0] if known.operation(each.method, each.path) is None}
    pages = re.compile("|".join(f"(?:{each})" for each in BEYOND_THE_SLICE), re.DOTALL)
    assert sorted(each for each in beyond if not pages.fullmatch(each)) == []


def test_a_field_that_is_asked_for_is_there(lived: tuple[list[Exchange], set[str]]) -> None:
    """Whoever names fields needs all of them: none is one that Bitbucket never answers with."""
    missing = set()
    for each in lived[0]:
        wanted = dict(parse_qsl(each.query)).get("fields", "").split(",")
        if each.status == 200 and names_fields(each.query) and b'"values":[]' not in each.answer:
            missing |= {name for name in wanted if f'"{name.rpartition(".")[2]}"'.encode() not in each.answer}
    # Only of long lists there is more.
    assert missing == {"next"}


def test_both_ways_were_taken(lived: tuple[list[Exchange], set[str]]) -> None:
    """There was enough to judge: hundreds of exchanges."""
    assert len(lived[0]) > 200


def test_every_verb_was_lived(lived: tuple[list[Exchange], set[str]]) -> None:
    """No verb of the library that sends anything is missing in the life that was judged."""
    assert verbs() - lived[1] == set()
