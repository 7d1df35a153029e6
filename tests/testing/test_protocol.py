"""What every answer has: pages, validators, budgets, versions; and what is kept of each exchange."""

from __future__ import annotations

import re

from tests.testing.conftest import World

from pullbridge.testing.github.budget import Budget


def links(header: str) -> dict[str, str]:
    """A `Link` header's addresses by their relation."""
    return {rel: url for url, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', header)}


def test_pages_link_to_each_other(world: World) -> None:
    """First, middle and last page have the links that lead on, with the query kept; a single page has none."""
    for number in range(5):
        world.ada("POST", "/issues/1/comments", json={"body": str(number)}, expect=201)
    first = world.ada("GET", "/issues/1/comments?per_page=2&since=2020-01-01T00:00:00Z")
    assert set(links(first.headers["Link"])) == {"next", "last"}
    middle = world.ada("GET", links(first.headers["Link"])["next"], expect=200)
    assert set(links(middle.headers["Link"])) == {"prev", "next", "last", "first"}
    assert [comment["body"] for comment in middle.json()] == ["2", "3"]
    assert "since=2020" in middle.headers["Link"]
    last = world.ada("GET", links(middle.headers["Link"])["last"], expect=200)
    assert set(links(last.headers["Link"])) == {"prev", "first"}
    assert [comment["body"] for comment in last.json()] == ["4"]
    assert "Link" not in world.ada("GET", "/issues/1/comments").headers
    assert world.ada("GET", "/issues/1/comments?page=9").json() == []


def test_a_page_has_at_most_a_hundred(world: World) -> None:
    """A larger `per_page` counts as 100, nonsense as 30."""
    for number in range(101):
        world.forge.github.store.pulls.comment(
            world.app.record.pulls[1], world.forge.github.store.people.user("ada"), str(number)
        )
    assert len(world.ada("GET", "/issues/1/comments?per_page=1000").json()) == 100
    assert len(world.ada("GET", "/issues/1/comments?per_page=nine").json()) == 30


def test_an_unchanged_answer_is_304_and_free(world: World) -> None:
    """The same ETag gives 304 without a body and costs nothing; after a change the answer is new."""
    first = world.ada("GET", "/pulls")
    seen = {"If-None-Match": first.headers["ETag"]}
    again = world.ada("GET", "/pulls", headers=seen, expect=304)
    assert again.content == b""
    assert again.headers["X-RateLimit-Used"] == first.headers["X-RateLimit-Used"]
    world.ada("PATCH", "/pulls/1", json={"title": "New"})
    fresh = world.ada("GET", "/pulls", headers=seen, expect=200)
    assert fresh.headers["ETag"] != first.headers["ETag"]


def test_the_budget_runs_out_and_says_until_when(world: World) -> None:
    """What is left counts down; without any it is 403 with GitHub's message, and the limits can still be read."""
    world.forge.github.budget.limits["core"] = int(world.ada("GET", "/pulls").headers["X-RateLimit-Used"]) + 1
    assert world.ada("GET", "/pulls", expect=200).headers["X-RateLimit-Remaining"] == "0"
    refused = world.ada("GET", "/pulls", expect=403)
    assert refused.json()["message"].startswith("API rate limit exceeded for user ID")
    assert refused.headers["X-RateLimit-Resource"] == "core"
    limits = world.ada("GET", f"{world.forge.github.api_url}/rate_limit", expect=200).json()
    assert limits["resources"]["core"]["remaining"] == 0
    assert limits["rate"]["reset"] == int(refused.headers["X-RateLimit-Reset"])
    world.bob("GET", "/pulls", expect=200)


def test_a_window_of_the_budget_ends() -> None:
    """After its reset a window begins anew; anybody without a token has less."""
    budget = Budget()
    budget.spend("user:1", "core", now=1000.0, points=5000)
    assert budget.exhausted("user:1", "core", now=1001.0)
    assert not budget.exhausted("user:1", "core", now=1000.0 + 3600)
    assert budget.view("", "core", now=0.0)["limit"] == 60


def test_an_enterprise_server_tells_its_version_and_has_no_limit(world: World) -> None:
    """The version is in a header and in `/meta`; rate limiting is off."""
    api = world.forge.github.api_url
    assert "installed_version" not in world.ada("GET", f"{api}/meta").json()
    world.forge.github.enterprise_version = "3.19.0"
    answer = world.client(None)("GET", f"{api}/meta", expect=200)
    assert answer.json()["installed_version"] == "3.19.0"
    assert answer.headers["X-GitHub-Enterprise-Version"] == "3.19.0"
    assert "X-RateLimit-Limit" not in answer.headers
    world.ada("GET", f"{api}/rate_limit", expect=404)


def test_what_arrived_is_kept_without_secrets(world: World) -> None:
    """Method, path, query, bodies and headers of both sides are kept; the token is not."""
    world.forge.github.requests.clear()
    world.ada("POST", "/issues/1/comments?x=1", json={"body": "Hi"}, expect=201)
    (kept,) = world.forge.github.requests
    assert (kept.method, kept.path, kept.query, kept.status) == (
        "POST",
        "/api/v3/repos/octo/app/issues/1/comments",
        "x=1",
        201,
    )
    assert kept.body == b'{"body": "Hi"}'
    assert b'"body":"Hi"' in kept.answer_body
    assert kept.answer_headers["X-GitHub-Media-Type"] == "github.v3; format=json"
    assert "Authorization" not in kept.headers
    assert "ghp_" not in repr(kept)


def test_names_with_slashes_and_signs_are_addresses(world: World) -> None:
    """Encoded slashes in refs and labels are part of the name; paths with spaces and umlauts are found."""
    name = "area/ü & co"
    world.ada("POST", "/issues/1/labels", json={"labels": [name]}, expect=200)
    world.ada("DELETE", "/issues/1/labels/area%2F%C3%BC%20%26%20co", expect=200)
    world.app.commit("topic/a&b", {"dir/ü x.txt": "y\n"})
    world.ada("GET", "/contents/dir/%C3%BC%20x.txt?ref=topic/a%26b", expect=200)
    world.ada("GET", "/branches/topic%2Fa%26b", expect=200)
    head = world.ada("GET", "/commits/refs%2Fpull%2F1%2Fhead", expect=200).json()["sha"]
    assert head == world.head


def test_unknown_addresses_are_not_found(world: World) -> None:
    """An unknown operation, number, method or repository is GitHub's 404."""
    for method, path in (("GET", "/pulls/99"), ("GET", "/nothing"), ("PUT", "/pulls")):
        assert world.ada(method, path, json={}, expect=404).json()["message"] == "Not Found"
