"""Requests to GitLab and what is made of the answers: over real HTTP."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from tests.hosts.gitlab.asked import UNAUTHORIZED, asked, project, query, routed, served
from tests.transport.scripted import CANARY, Seen, answer

from pullbridge import errors
from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.gitlab.errors import Asked
from pullbridge.hosts.gitlab.payloads import User

IT = Asked(what="it")
WRITE = Asked(what="it", write=True)
V4 = "/api/v4"
MOVED = answer(405, {"message": "Non GET methods are not allowed for moved projects"})
HOME = {"id": 42, "path_with_namespace": "new/app"}


@pytest.mark.parametrize(
    ("token", "name", "value"),
    [
        ("glpat-x", "private-token", "glpat-x"),
        ("glcbt-x", "job-token", "glcbt-x"),
        ("0" * 64, "authorization", f"Bearer {'0' * 64}"),
        (None, None, None),
    ],
)
def test_every_request_is_signed_in_its_way(token: str | None, name: str | None, value: str | None) -> None:
    """By one header, and none of the others; nobody signs nothing."""
    with served(lambda _: answer(200, {"username": "ada"}), token=token) as (api, server):
        assert api.get("/user", User, IT).username == "ada"
        sent = server.seen[0].headers
    signed = {each: sent[each] for each in ("private-token", "job-token", "authorization") if each in sent}
    assert signed == ({name: value} if name else {})
    assert sent["user-agent"].startswith("pullbridge/")
    assert sent["accept"] == "application/json"


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        ("group/app", "group%2Fapp"),
        ("a/b/c/d/e/app", "a%2Fb%2Fc%2Fd%2Fe%2Fapp"),
        ("gitlab/gitlab", "gitlab%2Fgitlab"),
        ("my.group/app.js", "my.group%2Fapp.js"),
    ],
)
def test_a_project_is_one_segment_of_a_path(path: str, quoted: str) -> None:
    """Subgroups, a group really named `gitlab`, dots: all of it below the instance's root."""
    with served(lambda _: answer(200, []), root="/gitlab") as (api, server):
        home = project(api, path)
        api.get(home.pull(7, "discussions"), list[payloads.Rest], IT)
        assert server.seen[0].path == f"/gitlab/api/v4/projects/{quoted}/merge_requests/7/discussions"
        assert home.path("repository", "files", "a b/c.md") == f"/projects/{quoted}/repository/files/a%20b%2Fc.md"
        assert home.variables(7) == {"fullPath": path, "iid": "7"}


def test_half_of_a_character_is_refused_before_it_is_sent() -> None:
    """In a body, in a path and in a query."""
    with served(lambda _: answer(200)) as (api, server):
        with pytest.raises(errors.Rejected, match="half of a character"):
            api.send("POST", "/x", {"body": "a\ud800"}, payloads.Rest, WRITE)
        with pytest.raises(errors.Rejected, match="half of a character"):
            project(api).path("\ud800")
        with pytest.raises(errors.Rejected, match="half of a character"):
            api.get("/x", payloads.Rest, IT, params={"search": "\ud800"})
        assert server.seen == []


def test_a_body_that_is_no_json_is_a_bad_answer() -> None:
    """A page of whoever stands between; a write that it answered may have been done."""
    with served(lambda _: answer(200, b"<html>Sign in</html>", {"Content-Type": "text/html"})) as (api, _):
        with pytest.raises(errors.BadAnswer) as read:
            api.get("/user", User, IT)
        with pytest.raises(errors.BadAnswer) as written:
            api.send("POST", "/x", {}, User, WRITE)
    assert not read.value.maybe_done
    assert written.value.maybe_done
    assert "Sign in" not in str(written.value)


# A 401 ---------------------------------------------------------------------------------------------------------------


def test_a_write_that_one_may_not_do_is_no_bad_token() -> None:
    """GL-42: merging and approving are refused as bad tokens are; who asks `/user` is told apart."""
    script = routed({f"PUT {V4}/merge": answer(401, UNAUTHORIZED), f"GET {V4}/user": answer(200, {"username": "ada"})})
    with served(script) as (api, server):
        with pytest.raises(errors.Forbidden) as caught:
            api.send("PUT", "/merge", {}, payloads.Rest, WRITE)
        assert caught.value.status == 401
        assert asked(server) == [f"PUT {V4}/merge", f"GET {V4}/user"]


def test_a_jobs_token_may_little() -> None:
    """What it may not is refused as if it were bad, reads too; its own job tells."""
    script = routed({f"GET {V4}/x": answer(401, UNAUTHORIZED), f"GET {V4}/job": answer(200, {"id": 1})})
    with served(script, token="glcbt-x") as (api, server):
        with pytest.raises(errors.Forbidden, match="a job token"):
            api.get("/x", payloads.Rest, IT)
        assert asked(server) == [f"GET {V4}/x", f"GET {V4}/job"]


@pytest.mark.parametrize("verb", ["GET", "PUT"])
def test_a_bad_token_is_one(verb: str) -> None:
    """Whatever is asked; a read is never refused for a lack of rights, and so nobody is asked again."""
    with served(lambda _: answer(401, UNAUTHORIZED)) as (api, server):
        with pytest.raises(errors.SignInNeeded, match="does not accept the token"):
            api.reply(verb, "/x", WRITE if verb == "PUT" else IT, body=None if verb == "GET" else {})
        assert len(server.seen) == (1 if verb == "GET" else 2)


def test_nobody_is_asked_who_they_are() -> None:
    """Not refused for a bad token, when there is none."""
    with served(lambda _: answer(401, UNAUTHORIZED), token=None) as (api, server):
        with pytest.raises(errors.SignInNeeded, match="nobody is signed in"):
            api.send("PUT", "/merge", {}, payloads.Rest, WRITE)
        assert len(server.seen) == 1


def test_a_refusal_repeats_no_secret() -> None:
    """A proxy that explains itself may quote the header; the cause is python-gitlab's own, without a body."""
    body = {"message": f"no such token: glpat-{CANARY}"}
    script = routed({f"GET {V4}/x": answer(403, body)})
    with served(script, token=f"glpat-{CANARY}") as (api, _), pytest.raises(errors.Forbidden) as caught:
        api.get("/x", payloads.Rest, IT)
    cause = caught.value.__cause__
    assert type(cause).__module__.startswith("gitlab")
    assert CANARY not in f"{caught.value!s}{caught.value!r}{cause!s}{vars(cause)}"


# Lists ---------------------------------------------------------------------------------------------------------------


def rows(*, total: bool, count: int = 250, keyset: bool = False) -> Any:
    """A list of numbers, paged as GitLab pages it."""

    def script(seen: Seen) -> bytes:
        wanted = query(seen)
        page, size = int(wanted.get("page", wanted.get("cursor", "1"))), int(wanted["per_page"])
        here = [{"id": each} for each in range((page - 1) * size, min(page * size, count))]
        more = page * size < count
        headers = {"X-Page": str(page), "X-Next-Page": str(page + 1) if more else ""}
        if total:
            headers |= {"X-Total": str(count), "X-Total-Pages": str(-(-count // size))}
        if keyset:
            link = f'<https://evil.example/api/v4/rows?pagination=keyset&cursor={page + 1}&per_page={size}>; rel="next"'
            headers = {"Link": link} if more else {}
        return answer(200, here, headers)

    return script


class Row(payloads.Rest):
    id: int


@pytest.mark.parametrize("total", [True, False])
def test_all_rows_are_read(total: bool) -> None:
    """GL-58: also where there are no totals, as above 10,000 rows; then one page after the other."""
    with served(rows(total=total)) as (api, server):
        found = api.pages("/rows", Row, IT, params={"scope": "all"})
        assert [row.id for row in found] == list(range(250))
        assert sorted(query(seen).get("page", "1") for seen in server.seen) == ["1", "2", "3"]
        assert all(query(seen)["scope"] == "all" and query(seen)["per_page"] == "100" for seen in server.seen)


def test_pages_that_are_known_go_out_together() -> None:
    """One round trip for the first, one for all others."""
    together, waiting = threading.Barrier(4, timeout=10), rows(total=True, count=450)

    def script(seen: Seen) -> bytes:
        if "page" in query(seen):
            together.wait()
        told: bytes = waiting(seen)
        return told

    with served(script) as (api, _):
        assert len(api.pages("/rows", Row, IT)) == 450


def test_a_stretch_gives_the_cursor_of_the_next() -> None:
    """Until the end, where there is none."""
    with served(rows(total=False)) as (api, _):
        first = api.page("/rows", Row, IT)
        second = api.page("/rows", Row, IT, cursor=first.cursor)
        third = api.page("/rows", Row, IT, cursor=second.cursor)
    assert [len(each.items) for each in (first, second, third)] == [100, 100, 50]
    assert (first.cursor, second.cursor, third.cursor) == ("2", "3", None)


def test_keyset_paging_takes_the_query_and_not_the_address() -> None:
    """The link may name any host; it is our own that is asked."""
    with served(rows(total=False, keyset=True)) as (api, server):
        found = api.pages("/rows", Row, IT)
        assert [row.id for row in found] == list(range(250))
        assert {seen.headers["host"] for seen in server.seen} == {server.url.removeprefix("http://")}
        assert query(server.seen[1]) == {"pagination": "keyset", "cursor": "2", "per_page": "100"}


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Next-Page": "1"},
        {"X-Next-Page": "7"},
        {"X-Next-Page": "-2"},
        {"X-Next-Page": "2", "X-Total-Pages": "999999999999"},
        {"X-Next-Page": "9" * 30},
        {"Link": '<https://x.example/rows?page=1>; rel="prev"'},
        {"Link": "<>; rel=next"},
    ],
)
def test_no_list_goes_on_for_ever(headers: dict[str, str]) -> None:
    """Numbers out of the air end it, and an empty page does."""

    def script(seen: Seen) -> bytes:
        return answer(200, [] if query(seen).get("page") else [{"id": 1}], headers)

    with served(script) as (api, server):
        assert [row.id for row in api.pages("/rows", Row, IT)] == [1]
        assert len(server.seen) <= 2


# Which GitLab --------------------------------------------------------------------------------------------------------


def test_the_version_is_asked_once() -> None:
    """From many threads too; the edition comes with it."""
    script = routed({f"GET {V4}/metadata": answer(200, {"version": "16.11.4-ee", "enterprise": True})})
    with served(script) as (api, server):
        answers = api.gather(*[lambda: api.at_least((15, 7)) for _ in range(8)])
        assert answers == [True] * 8
        assert not api.at_least((16, 12))
        assert len(server.seen) == 1
        assert str(api.version) == "16.11.4-ee"
        assert api.version is not None
        assert api.version.enterprise is True
        assert api.server == "GitLab 16.11.4-ee"


def test_an_older_one_tells_it_elsewhere() -> None:
    """`/metadata` came with 15.2; the edition is in the version."""
    script = routed({f"GET {V4}/version": answer(200, {"version": "14.10.5", "revision": "ab12"})})
    with served(script) as (api, server):
        assert not api.at_least((15, 7))
        assert api.at_least((14, 10))
        assert api.version is not None
        assert api.version.enterprise is False
        assert asked(server) == [f"GET {V4}/metadata", f"GET {V4}/version"]


@pytest.mark.parametrize(
    "refused",
    [
        answer(401, UNAUTHORIZED),
        answer(403, {"error": "insufficient_scope", "scope": "api read_user"}),
        answer(404, {"message": "404 Not found"}),
        answer(200, {"version": "unknown"}),
    ],
)
def test_one_that_does_not_tell_is_taken_for_the_oldest(refused: bytes) -> None:
    """And is not asked again by the same account."""
    with served(lambda _: refused) as (api, server):
        assert not api.at_least((15, 7))
        before = len(server.seen)
        assert api.at_least((13, 12))
        assert not api.at_least((16, 0))
        assert len(server.seen) == before
        assert api.connected().untold == {"version"}


def test_nobody_is_told_the_version() -> None:
    """And so nobody asks."""
    with served(lambda _: answer(200), token=None) as (api, server):
        assert not api.at_least((15, 7))
        assert server.seen == []


# Projects that have moved --------------------------------------------------------------------------------------------


def test_a_write_to_a_moved_project_is_done_where_it_is_now() -> None:
    """GL-67: GitLab refuses it without a word on where; it was surely not done, so that it goes again, once."""
    script = routed(
        {
            f"PUT {V4}/projects/old%2Fapp/merge_requests/7": MOVED,
            f"GET {V4}/projects/old%2Fapp": answer(301, b"", {"Location": f"{V4}/projects/42"}),
            f"GET {V4}/projects/42": answer(200, HOME),
            f"PUT {V4}/projects/42/merge_requests/7": lambda seen: answer(200, json.loads(seen.body)),
        }
    )
    with served(script) as (api, server):
        home = project(api, "old/app")
        for number in (1, 2):
            assert api.send("PUT", home.pull(7), {"id": number}, Row, WRITE).id == number
        assert asked(server)[3:] == [f"PUT {V4}/projects/42/merge_requests/7"] * 2
        assert home.path_now == "new/app"
        assert home.variables(7)["fullPath"] == "new/app"


def test_a_read_of_a_moved_project_is_followed_and_remembered() -> None:
    """The next one goes straight there."""
    script = routed(
        {
            f"GET {V4}/projects/old%2Fapp/x": answer(301, b"", {"Location": f"{V4}/projects/42/x"}),
            f"GET {V4}/projects/42/x": answer(200, {"id": 1}),
            f"GET {V4}/projects/42/y": answer(200, {"id": 2}),
            f"GET {V4}/projects/42": answer(200, HOME),
        }
    )
    with served(script) as (api, server):
        home = project(api, "old/app")
        assert api.get(home.path("x"), Row, IT).id == 1
        assert api.get(home.path("y"), Row, IT).id == 2
        assert asked(server)[-1] == f"GET {V4}/projects/42/y"
        # GraphQL knows present paths only
        assert [home.variables(7)["fullPath"] for _ in range(2)] == ["new/app", "new/app"]
        assert asked(server)[3:] == [f"GET {V4}/projects/42"]


def test_a_moved_project_is_not_followed_off_the_host() -> None:
    """Not even by a read: the token stays here."""
    with served(lambda _: answer(301, b"", {"Location": "https://evil.example/api/v4/projects/42"})) as (api, server):
        with pytest.raises(errors.EgressRefused):
            api.get(project(api).path(), payloads.Project, IT)
        assert len(server.seen) == 1


def test_a_merge_that_cannot_be_is_not_taken_for_a_move() -> None:
    """Both are a 405, and only one says so."""
    with served(lambda _: answer(405, {"message": "405 Method Not Allowed"})) as (api, server):
        with pytest.raises(errors.Rejected):
            api.send("PUT", project(api).pull(7, "merge"), {}, payloads.Rest, WRITE)
        assert len(server.seen) == 1


# GraphQL -------------------------------------------------------------------------------------------------------------


class Me(payloads.Rest):
    currentUser: User | None = None  # noqa: N815  # GraphQL's name


def test_graphql_is_asked_beside_rest() -> None:
    """Below the same root, signed the same way, as JSON."""
    with served(lambda _: answer(200, {"data": {"currentUser": {"username": "ada"}}}), root="/gitlab") as (api, server):
        found = api.graphql("query { currentUser { username } }", {"a": 1}, Me, IT)
        assert found.currentUser is not None
        assert found.currentUser.username == "ada"
        assert server.seen[0].path == "/gitlab/api/graphql"
        assert json.loads(server.seen[0].body)["variables"] == {"a": 1}
        assert server.seen[0].headers["private-token"] == "glpat-canary"


def test_data_with_errors_is_told_whole() -> None:
    """`partial` gives both; `graphql` raises."""
    body = {"data": {"currentUser": None}, "errors": [{"message": "Timeout on currentUser"}]}
    with served(lambda _: answer(200, body)) as (api, _):
        partly = api.partial("query { currentUser { username } }", {}, Me, IT)
        assert partly.data == Me(currentUser=None)
        assert [each.message for each in partly.problems] == ["Timeout on currentUser"]
        with pytest.raises(errors.HostDown):
            api.graphql("query { currentUser { username } }", {}, Me, IT)


def test_an_answer_with_neither_is_a_bad_one() -> None:
    """A mutation that it answered may have been done."""
    with served(lambda _: answer(200, {})) as (api, _), pytest.raises(errors.BadAnswer) as caught:
        api.graphql("mutation { x { y } }", {}, Me, WRITE)
    assert caught.value.maybe_done


def test_a_field_that_the_server_lacks_is_left_out() -> None:
    """Asked again without it, and from then on never asked for."""
    extensions = {"code": "undefinedField", "typeName": "MergeRequest", "fieldName": "diffStats"}
    lacking = {"message": "Field 'diffStats' doesn't exist on type 'MergeRequest'", "extensions": extensions}
    inner = 'mergeRequest(iid: "7") { iid diffStats { path } }'
    asking = f'query {{ currentUser {{ username }} project(fullPath: "g/a") {{ {inner} }} }}'

    def script(seen: Seen) -> bytes:
        document = json.loads(seen.body)["query"]
        told = {"errors": [lacking]} if "diffStats" in document else {"data": {"currentUser": {"username": "ada"}}}
        return answer(200, told)

    with served(script) as (api, server):
        for _ in range(2):
            assert api.graphql(asking, {}, Me, IT).currentUser is not None
        assert len(server.seen) == 3
        assert api.missing == {("MergeRequest", "diffStats")}
