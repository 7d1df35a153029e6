"""Requests to Bitbucket Cloud and what is made of the answers: over real HTTP."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.hosts.bitbucket_cloud.asked import HOME, asked, query, refused, repository, served
from tests.transport.scripted import CANARY, Seen, answer

from pullbridge import Basic, errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud.api import Api
from pullbridge.hosts.bitbucket_cloud.payloads import Account, PullRequest, Rest

IT = Asked(what="it", needs=("pullrequest",))
WRITE = Asked(what="it", write=True, needs=("pullrequest:write",))


def sdk(api: Api) -> Any:
    """The vendor's own object, with all that it can do."""
    return api.requests


def test_every_request_is_signed_and_named() -> None:
    """By one header; nobody signs nothing."""
    with served(lambda _: answer(200, {"uuid": "{1}"})) as (api, server):
        assert api.get("/user", Account, IT).uuid == "{1}"
        sent = server.seen[0].headers
    assert sent["authorization"] == "Bearer canary"
    assert (sent["accept"], sent["user-agent"].partition("/")[0]) == ("application/json", "pullbridge")
    with served(lambda _: answer(200, {}), token=None) as (api, server):
        api.get("/user", Account, IT)
        assert "authorization" not in server.seen[0].headers


def test_a_token_of_three_thousand_signs_is_carried() -> None:
    """As they are from 2026 on: https://github.com/git-ecosystem/git-credential-manager/issues/2429"""
    with served(lambda _: answer(200, {}), token="x" * 3_000) as (api, server):
        api.get("/user", Account, IT)
        assert server.seen[0].headers["authorization"] == f"Bearer {'x' * 3_000}"


@pytest.mark.parametrize("verb", ["POST", "PUT"])
def test_a_write_without_a_body_sends_an_empty_object(verb: str) -> None:
    """Without one Bitbucket answers 400: https://github.com/MatanYemini/bitbucket-mcp/issues/105"""
    with served(lambda _: answer(200, {})) as (api, server):
        api.reply(verb, "/repositories/octo/app/pullrequests/7/approve", WRITE)
        assert server.seen[0].body == b"{}"
        assert server.seen[0].headers["content-type"] == "application/json"
        api.reply("DELETE", "/repositories/octo/app/pullrequests/7/approve", WRITE)
        assert server.seen[1].body == b""


def test_names_are_quoted_one_by_one() -> None:
    """Slashes in a branch, too; only those of a path stay."""
    with served(lambda _: answer(200, {})) as (api, server):
        home = repository(api)
        assert home.path("refs", "branches", "fix/a b?") == "/repositories/octo/app/refs/branches/fix%2Fa%20b%3F"
        api.get(home.pull(7, "comments"), Rest, IT)
        assert asked(server) == [f"GET {HOME}/pullrequests/7/comments"]
        assert home.elsewhere("ada/fork", "commit", "abc") == "/repositories/ada/fork/commit/abc"


@pytest.mark.parametrize("path", ["octo/../x", "octo/..%2fx", "../../admin/users"])
def test_nothing_climbs_out(path: str) -> None:
    """Whatever a slug holds, nothing is sent."""
    with served(lambda _: answer(200, {})) as (api, server):
        with pytest.raises(errors.EgressRefused):
            api.get(f"/repositories/{path}", Rest, IT)
        assert server.seen == []


def test_half_of_a_character_is_refused_before_it_is_sent() -> None:
    """In a body, a path and a query."""
    with served(lambda _: answer(200, {})) as (api, server):
        calls: list[Any] = [
            lambda: api.reply("POST", "/x", WRITE, body={"title": "a\ud83d"}),
            lambda: repository(api).path("a\ud83d"),
            lambda: api.reply("GET", "/x", IT, params={"q": "a\ud83d"}),
        ]
        for call in calls:
            with pytest.raises(errors.Rejected, match="half of a character"):
                call()
        assert server.seen == []


def test_all_rows_are_read_as_the_answers_lead() -> None:
    """Page after page, unchanged; a list without `size` too."""

    def script(seen: Seen) -> bytes:
        page = int(query(seen).get("page", "1"))
        told: dict[str, Any] = {"values": [{"id": page}], "pagelen": 100}
        if page < 3:
            told["next"] = f"http://{seen.headers['host']}{HOME}/pullrequests?page={page + 1}&ctx=b%3D%3D"
        return answer(200, told)

    with served(script) as (api, server):
        rows = api.pages(repository(api).path("pullrequests"), PullRequest, IT, params={"state": ["OPEN", "MERGED"]})
        assert [row.id for row in rows] == [1, 2, 3]
        assert server.seen[0].path.endswith("?pagelen=100&state=OPEN&state=MERGED")
        assert server.seen[1].path.endswith("?page=2&ctx=b%3D%3D")


def test_a_stretch_gives_the_cursor_of_the_next() -> None:
    """Which leads on, and only there."""

    def script(seen: Seen) -> bytes:
        more = {} if "page" in query(seen) else {"next": f"http://{seen.headers['host']}{HOME}/forks?page=2"}
        return answer(200, {"values": [], **more})

    with served(script) as (api, server):
        path = repository(api).path("forks")
        first = api.page(path, Rest, IT)
        assert first.cursor == "/repositories/octo/app/forks?page=2"
        assert api.page(path, Rest, IT, cursor=first.cursor).cursor is None
        with pytest.raises(errors.Rejected, match="no cursor"):
            api.page(path, Rest, IT, cursor="/repositories/octo/secret/forks?page=2")
        assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("https://evil.example/2.0/repositories/octo/app/forks?page=2", errors.EgressRefused),
        ("{here}/2.0/repositories/octo/secret/forks?page=2", errors.BadAnswer),
        ("{here}/2.0/repositories/octo/app/forks?pagelen=100", errors.BadAnswer),
    ],
)
def test_a_hostile_next_page_is_not_asked_for(told: str, kind: type[errors.BridgeError]) -> None:
    """Elsewhere, of something else, or in a circle."""

    def script(seen: Seen) -> bytes:
        return answer(200, {"values": [], "next": told.format(here=f"http://{seen.headers['host']}")})

    with served(script) as (api, server):
        with pytest.raises(kind) as caught:
            api.pages(repository(api).path("forks"), Rest, IT)
        assert caught.value.host == "bitbucket.org"
        assert len(server.seen) <= 2


def test_a_redirect_elsewhere_gets_no_token() -> None:
    """On the same host it is followed with it."""

    def script(seen: Seen) -> bytes:
        if "diff/" in seen.path:
            return answer(200, b"diff", {"Content-Type": "text/plain"})
        where = "https://evil.example/x" if "/8/" in seen.path else f"{HOME}/diff/abc"
        return answer(302, b"", {"Location": where})

    with served(script) as (api, server):
        home = repository(api)
        assert api.reply("GET", home.pull(7, "diff"), IT).body == b"diff"
        assert server.seen[1].headers["authorization"] == "Bearer canary"
        with pytest.raises(errors.EgressRefused):
            api.reply("GET", home.pull(8, "diff"), IT)


@pytest.mark.parametrize("told", [b"<html>", b'{"uuid": ', b'{"uuid": 3}'])
def test_a_body_that_is_no_json_is_a_bad_answer(told: bytes) -> None:
    """A sign-in page, half an answer, another shape; a write may be done then."""
    with served(lambda _: answer(200, told)) as (api, _):
        with pytest.raises(errors.BadAnswer) as caught:
            api.get("/user", Account, IT)
        assert (caught.value.maybe_done, caught.value.host) == (False, "bitbucket.org")
        with pytest.raises(errors.BadAnswer) as caught:
            api.send("POST", "/x", {}, Account, WRITE)
        assert caught.value.maybe_done


def test_a_refusal_repeats_no_secret() -> None:
    """Even where the answer repeats it."""
    sign = Basic("ada@example.org", f"ATATT{CANARY}")
    echo: Any = lambda seen: refused(400, f"no {seen.headers['authorization']}")  # noqa: E731  # a script
    with served(echo, credentials=sign) as (api, _):
        with pytest.raises(errors.Rejected) as caught:
            api.get("/user", Account, IT)
        told = f"{caught.value}{caught.value!r}{caught.value.__cause__!r}{vars(caught.value)}"
    assert CANARY not in told
    assert "QVRBVFQ" not in told


def test_what_was_granted_is_read_off_any_answer() -> None:
    """A refusal's too; another account's is not mine."""
    with served(lambda _: answer(403, {}, {"X-OAuth-Scopes": "account, pullrequest"})) as (api, _):
        assert api.connected().granted is None
        with pytest.raises(errors.Forbidden):
            api.get("/user", Account, IT)
        assert api.connected().granted == ("account", "pullrequest")
        assert not api.connected().answered


def test_nobody_is_asked_to_sign_in() -> None:
    """Where a 401 without a body would else be about the token."""
    with (
        served(lambda _: answer(401, b""), token=None) as (api, _),
        pytest.raises(errors.SignInNeeded, match="nobody is signed in"),
    ):
        api.get("/user", Account, IT)


def test_the_budget_is_counted_here() -> None:
    """Every answer counts, with whatever status."""
    with served(lambda _: answer(404, {})) as (api, _):
        for _ in range(3):
            with pytest.raises(errors.NotThere):
                api.get("/user", Account, IT)
        assert (api.session.budget.limit, api.session.budget.remaining) == (1_000, 997)


# The live objects -----------------------------------------------------------------------------------------------------


def test_live_objects_cost_nothing_until_they_are_asked() -> None:
    """And then go to the repository's own path, signed."""
    with served(lambda _: answer(200, {"type": "pullrequest", "id": 7, "title": "t"})) as (api, server):
        live = api.native("octo/app")
        assert live is api.native("octo/app")
        assert server.seen == []
        assert asked(server) == []
        assert live.get("pullrequests/7")["title"] == "t"
        assert asked(server) == [f"GET {HOME}/pullrequests/7"]
        assert server.seen[0].headers["authorization"] == "Bearer canary"


def test_live_objects_write() -> None:
    """As JSON."""
    with served(lambda _: answer(201, {"id": 3})) as (api, server):
        assert api.native("octo/app").post("pullrequests/7/comments", data={"content": {"raw": "hi"}}) == {"id": 3}
        assert json.loads(server.seen[0].body) == {"content": {"raw": "hi"}}
        assert server.seen[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (refused(404, "Resource not found"), errors.NotThere),
        (refused(403, "Forbidden"), errors.Forbidden),
        (answer(401, b""), errors.SignInNeeded),
        (answer(429, {}, {"Retry-After": "3600"}), errors.RateLimited),
        (answer(500, {}), errors.HostDown),
        (answer(200, b"<html>Sign in</html>", {"Content-Type": "text/html"}), errors.BadAnswer),
    ],
)
def test_a_refusal_to_a_live_object_is_a_bridge_error(told: bytes, kind: type[errors.BridgeError]) -> None:
    """No waiting for an hour, no repeating, and no exception of atlassian's or requests'."""
    with served(lambda _: told) as (api, server):
        with pytest.raises(kind):
            api.native("octo/app").get("pullrequests/7")
        assert len(server.seen) == 1


def test_a_link_leads_a_live_object_nowhere_else() -> None:
    """Objects take their addresses from answers: one on another host is not asked."""
    page = {"values": [{"type": "pullrequest", "id": 7}], "next": "https://evil.example/2.0/x"}
    with served(lambda _: answer(200, page)) as (api, server):
        rows = api.native("octo/app")._get_paged("pullrequests")
        next(rows)
        with pytest.raises(errors.EgressRefused):
            next(rows)
        hostile = {"type": "pullrequest", "id": 7, "links": {"self": {"href": "https://evil.example/2.0/x"}}}
        pull = type(api.native("octo/app").pullrequests)._PullRequests__get_object(  # the SDK's own making of an object
            api.native("octo/app").pullrequests, hostile
        )
        with pytest.raises(errors.EgressRefused):
            pull.get("comments")
        assert len(server.seen) == 1


def test_what_is_set_on_a_live_object_signs_nothing() -> None:
    """Nor is anything of theirs listened to."""
    with served(lambda _: answer(200, {}), token=None) as (api, server):
        sdk(api).get("user", headers={"Authorization": f"Bearer {CANARY}", "Cookie": CANARY})
        assert CANARY not in str(server.seen[0].headers)


def test_many_threads_share_a_live_object() -> None:
    """Everybody gets what they asked for."""

    def script(seen: Seen) -> bytes:
        return answer(200, {"id": int(seen.path.rpartition("/")[2])})

    with served(script) as (api, _), ThreadPoolExecutor(8) as pool:
        live = api.native("octo/app")
        numbers = list(pool.map(lambda number: live.get(f"pullrequests/{number}")["id"], range(1, 61)))
    assert numbers == list(range(1, 61))
