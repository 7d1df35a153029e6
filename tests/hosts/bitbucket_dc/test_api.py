"""Requests to Data Center and what is made of the answers: over real HTTP."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from typing import Any

import pytest
from tests.hosts.bitbucket_dc.asked import (
    HOME,
    NAMED,
    PROPERTIES,
    REST,
    asked,
    page,
    query,
    refused,
    repository,
    routed,
    served,
)
from tests.transport.scripted import CANARY, Seen, answer

from pullbridge import errors
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import payloads, whoami
from pullbridge.hosts.bitbucket_dc.addresses import place
from pullbridge.hosts.bitbucket_dc.api import Api
from pullbridge.hosts.bitbucket_dc.payloads import User

IT = Asked(what="it")
WRITE = Asked(what="it", write=True)
X = place("x")
MAY_NOT = refused("You are not permitted to access this resource", "AuthorisationException")
BAD = refused("Authentication failed.", "auth.IncorrectPasswordAuthenticationException")


def sdk(api: Api) -> Any:
    """The vendor's own object, with all that it can do."""
    return api.requests


def test_every_request_is_signed_and_says_that_no_page_made_it() -> None:
    """By one header; a POST without a body is sent with an empty object, and a type."""
    with served(lambda _: answer(200, {"name": "ada"}), root="/bitbucket") as (api, server):
        assert api.get(place("users", "ada"), User, IT).name == "ada"
        api.reply("POST", X, WRITE)
        api.reply("DELETE", X, WRITE)
        read, written, deleted = server.seen
    assert read.path == "/bitbucket/rest/api/latest/users/ada"
    assert read.headers["authorization"] == "Bearer BBDC-canary"
    assert read.headers["user-agent"].startswith("pullbridge/")
    assert "content-type" not in read.headers
    assert (written.body, written.headers["content-type"]) == (b"{}", "application/json")
    assert written.headers["x-atlassian-token"] == "no-check"
    assert deleted.body == b""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("PRJ/app", "/api/latest/projects/PRJ/repos/app/pull-requests/7/merge"),
        ("~ada/app.js", "/api/latest/projects/~ada/repos/app.js/pull-requests/7/merge"),
    ],
)
def test_paths_begin_at_a_project_or_a_person(path: str, expected: str) -> None:
    """In the service that is meant."""
    with served(lambda _: answer(200)) as (api, _):
        home = repository(api, path)
        assert home.pull(7, "merge") == expected
        assert home.path("branches", service="branch-utils").startswith("/branch-utils/latest/projects/")


def test_a_slug_that_climbs_is_refused() -> None:
    """Before anything is sent; atlassian's client would send it."""
    with served(lambda _: answer(200)) as (api, server):
        with pytest.raises(errors.Rejected):
            repository(api, "PRJ/../../admin")
        with pytest.raises(errors.EgressRefused):
            api.get("/api/latest/projects/PRJ/repos/../../admin", payloads.Rest, IT)
        assert server.seen == []


def test_bytes_go_out_as_they_are() -> None:
    """With their own type."""
    with served(lambda _: answer(200)) as (api, server):
        api.reply("PUT", X, WRITE, content=("multipart/form-data; boundary=b", b"\xff"))
    assert (server.seen[0].body, server.seen[0].headers["content-type"]) == (b"\xff", "multipart/form-data; boundary=b")


def test_half_of_a_character_is_refused_before_it_is_sent() -> None:
    """In a body, in a path and in a query."""
    with served(lambda _: answer(200)) as (api, server):
        with pytest.raises(errors.Rejected, match="half of a character"):
            api.send("POST", X, {"text": "a\ud800"}, payloads.Rest, WRITE)
        with pytest.raises(errors.Rejected, match="half of a character"):
            repository(api).path("\ud800")
        with pytest.raises(errors.Rejected, match="half of a character"):
            api.get(X, payloads.Rest, IT, params={"filterText": "\ud800"})
        assert server.seen == []


def test_a_body_that_is_no_json_is_a_bad_answer() -> None:
    """A page of whoever stands between; a write that it answered may have been done."""
    with served(lambda _: answer(200, b"<html>Sign in</html>", {"Content-Type": "text/html"})) as (api, _):
        with pytest.raises(errors.BadAnswer) as read:
            api.get(X, User, IT)
        with pytest.raises(errors.BadAnswer) as written:
            api.send("POST", X, {}, User, WRITE)
    assert not read.value.maybe_done
    assert written.value.maybe_done
    assert "Sign in" not in str(written.value)


# A 401 ---------------------------------------------------------------------------------------------------------------


def test_who_is_named_may_not() -> None:
    """DC-55: the refusal itself says whom it refuses, and nobody is asked again."""
    with served(lambda _: answer(401, MAY_NOT, NAMED)) as (api, server):
        with pytest.raises(errors.Forbidden) as caught:
            api.send("POST", X, {}, payloads.Rest, WRITE)
        assert (caught.value.status, len(server.seen)) == (401, 1)


@pytest.mark.parametrize(("headers", "kind"), [(NAMED, errors.Forbidden), ({}, errors.SignInNeeded)])
def test_a_refusal_that_names_nobody_is_asked_about(headers: dict[str, str], kind: type[errors.BridgeError]) -> None:
    """Where it says that it is about rights: another answer names who is signed in, or nobody."""
    script = routed({f"GET {REST}/x": answer(401, MAY_NOT), f"GET {PROPERTIES}": answer(200, {}, headers)})
    with served(script) as (api, server):
        with pytest.raises(kind):
            api.get(X, payloads.Rest, IT)
        assert asked(server) == [f"GET {REST}/x", f"GET {PROPERTIES}"]


def test_a_bad_credential_is_one() -> None:
    """By its own exception, so that nobody is asked again."""
    with served(lambda _: answer(401, BAD)) as (api, server):
        with pytest.raises(errors.SignInNeeded, match="does not accept the credential"):
            api.get(X, payloads.Rest, IT)
        assert len(server.seen) == 1


def test_nobody_is_asked_who_they_are() -> None:
    """Not refused for a bad credential, when there is none."""
    with served(lambda _: answer(401, MAY_NOT), token=None) as (api, server):
        with pytest.raises(errors.SignInNeeded, match="nobody is signed in"):
            api.get(X, payloads.Rest, IT)
        assert len(server.seen) == 1


def test_a_refusal_repeats_no_secret() -> None:
    """A proxy that explains itself may quote the header; the cause is what atlassian's client raises, without a body."""
    body = refused(f"no such token: BBDC-{CANARY}")
    with (
        served(lambda _: answer(403, body), token=f"BBDC-{CANARY}") as (api, _),
        pytest.raises(errors.Forbidden) as caught,
    ):
        api.get(X, payloads.Rest, IT)
    cause = caught.value.__cause__
    assert type(cause).__name__ == "HTTPError"
    assert CANARY not in f"{caught.value!s}{caught.value!r}{cause!s}{vars(cause)}"


def test_a_pause_that_nothing_is_known_of_is_one() -> None:
    """DC-56: a 429 without a word of when."""
    many = answer(429, refused("Too many requests."))
    with served(lambda _: many) as (api, _), pytest.raises(errors.RateLimited) as caught:
        api.get(X, payloads.Rest, IT)
    assert caught.value.resets_at is None
    assert caught.value.retryable


# Lists ---------------------------------------------------------------------------------------------------------------


class Row(payloads.Rest):
    id: int


def test_only_the_next_pages_start_leads_on() -> None:
    """DC-47, DC-49: rows that one may not see lie between, and the instance cuts the page as it likes."""
    pages = {"0": page({"id": 1}, {"id": 2}, after=37), "37": page({"id": 3}, after=41, start=37), "41": page(start=41)}
    with served(lambda seen: answer(200, pages[query(seen).get("start", "0")])) as (api, server):
        assert [row.id for row in api.pages(X, Row, IT)] == [1, 2, 3]
        assert [query(seen).get("start") for seen in server.seen] == [None, "37", "41"]
        assert {query(seen)["limit"] for seen in server.seen} == {"1000"}


def test_a_stretch_goes_on_where_it_ended() -> None:
    """The cursor is where the next one begins."""
    with served(lambda seen: answer(200, page({"id": 1}, after=None if "start" in query(seen) else 9))) as (api, _):
        first = api.page(X, Row, IT, params={"limit": 5})
        assert first.cursor == "9"
        assert api.page(X, Row, IT, cursor=first.cursor).cursor is None


@pytest.mark.parametrize("after", [0, 5])
def test_pages_in_a_circle_are_a_bad_answer(after: int) -> None:
    """Neither endless nor silently cut."""
    with served(lambda seen: answer(200, page({"id": 1}, after=after if "start" in query(seen) else 5))) as (
        api,
        server,
    ):
        with pytest.raises(errors.BadAnswer, match="circle"):
            api.pages(X, Row, IT)
        assert len(server.seen) == 2


@pytest.mark.parametrize("cursor", ["x", "-1", "https://evil.example/", "1/2", "9" * 20])
def test_the_cursor_of_another_list_is_refused(cursor: str) -> None:
    """Before anything is sent."""
    with served(lambda _: answer(200)) as (api, server):
        with pytest.raises(errors.Rejected, match="no cursor"):
            api.page(X, Row, IT, cursor=cursor)
        assert server.seen == []


def test_an_address_in_an_answer_is_never_followed() -> None:
    """Neither a hostile `links.self` nor a hostile `Location`."""
    hostile = {"Location": "https://evil.example/rest/api/latest/x"}
    with served(lambda _: answer(302, b"", hostile)) as (api, server):
        with pytest.raises(errors.EgressRefused):
            api.get(X, Row, IT)
        assert len(server.seen) == 1


# Which instance, and who ----------------------------------------------------------------------------------------------


def test_the_version_is_asked_for_once() -> None:
    """And every capability that rests on it waits for that."""
    with served(lambda _: answer(200, {"version": "8.9.1", "displayName": "Bitbucket"})) as (api, server):
        assert api.version is None
        assert api.at_least((8, 9))
        assert not api.at_least((9, 2))
        assert str(api.needs_version()) == "8.9.1"
        assert api.server == "Bitbucket 8.9.1"
        assert len(server.seen) == 1


@pytest.mark.parametrize("told", [answer(404, refused("no")), answer(200, {"version": "SNAPSHOT"}), answer(200, {})])
def test_an_instance_that_tells_no_version_is_the_oldest(told: bytes) -> None:
    """And is not asked again."""
    with served(lambda _: told) as (api, server):
        assert api.at_least((7, 0, 0))
        assert not api.at_least((7, 7))
        assert len(server.seen) == 1


def test_a_version_that_could_not_be_asked_for_is_asked_for_again() -> None:
    """A failure tells nothing of it."""
    answers = iter([answer(503), answer(200, {"version": "9.2.0"})])
    with served(lambda _: next(answers)) as (api, _):
        with pytest.raises(errors.HostDown):
            api.needs_version()
        assert api.at_least((9, 2))


def test_who_i_am_is_in_every_answer() -> None:
    """The header names me, and the list of users has the rest: DC-57, a slug is not a name."""
    somebody = {"name": "j.Doe@x", "slug": "j.doe_x", "id": 7, "displayName": "J."}
    script = routed(
        {
            f"GET {PROPERTIES}": answer(200, {"version": "9.2.0"}, {"X-AUSERNAME": "j.Doe%40x"}),
            f"GET {REST}/users": answer(200, page({"name": "j.Doe@xy", "id": 8}, somebody)),
        }
    )
    with served(script) as (api, server):
        me = whoami.viewer(api)
        assert (me.id, me.handle) == ("7", "j.Doe@x")
        assert whoami.viewer(api) is me
        assert asked(server) == [f"GET {PROPERTIES}", f"GET {REST}/users/j.doe%40x", f"GET {REST}/users"]


def test_a_credential_that_may_not_read_users_is_somebody_all_the_same() -> None:
    """By name alone."""

    def script(seen: Seen) -> bytes:
        return answer(200, {}, NAMED) if seen.path == PROPERTIES else answer(401, MAY_NOT, NAMED)

    with served(script) as (api, _):
        assert whoami.viewer(api).handle == "ada"


@pytest.mark.parametrize("headers", [{}, {"X-AUSERNAME": "anonymous"}])
def test_a_credential_that_is_not_accepted_is_nobody(headers: dict[str, str]) -> None:
    """What anybody may read is answered to it, and says so."""
    with served(lambda _: answer(200, {"version": "9.2.0"}, headers)) as (api, _):
        with pytest.raises(errors.SignInNeeded):
            whoami.viewer(api)
        assert whoami.me(api) is None


# The live client ------------------------------------------------------------------------------------------------------


def test_the_live_client_talks_through_the_same_door() -> None:
    """Its own methods and verbs: signed, below the context path, in the newest version."""
    with served(lambda _: answer(200, {"id": 7}), root="/bitbucket") as (api, server):
        live: Any = api.native("PRJ/app")
        assert live is api.native("PRJ/app")
        assert live.get_pull_request("PRJ", "app", 7) == {"id": 7}
        assert server.seen[0].path == f"/bitbucket{HOME}/pull-requests/7"
        assert server.seen[0].headers["authorization"] == "Bearer BBDC-canary"
        live.post(live.resource_url("x"), data={"a": 1})
        assert json.loads(server.seen[1].body) == {"a": 1}


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (answer(404, refused("no")), errors.NotThere),
        (answer(401, BAD), errors.SignInNeeded),
        (answer(429, {}, {"Retry-After": "3600"}), errors.RateLimited),
        (answer(409, refused("x", "pull.PullRequestOutOfDateException")), errors.Stale),
        (answer(500, {}), errors.HostDown),
        (answer(200, b"<html>Sign in</html>", {"Content-Type": "text/html"}), errors.BadAnswer),
    ],
)
def test_a_refusal_of_the_live_client_is_a_bridge_error(told: bytes, kind: type[errors.BridgeError]) -> None:
    """No waiting, no repeating, and no exception of atlassian's or requests'."""
    with served(lambda _: told) as (api, server):
        with pytest.raises(kind):
            api.native("PRJ/app").get_pull_request("PRJ", "app", 7)
        assert len(server.seen) == 1


@pytest.mark.parametrize("slug", ["../../admin", "a/../../x"])
def test_the_live_client_climbs_nowhere(slug: str) -> None:
    """It inserts names as they are; the wire does not take them."""
    with served(lambda _: answer(200)) as (api, server):
        with pytest.raises(errors.EgressRefused):
            api.native("PRJ/app").get_pull_request("PRJ", slug, 7)
        with pytest.raises(errors.EgressRefused):
            sdk(api).get("https://evil.example/x", absolute=True)
        assert server.seen == []


_CODE = """
import logging, warnings
import pullbridge.transport.session, pullbridge.auth.signing  # requests and urllib3 have filters of their own

def state():
    loggers = [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    kept = {each.name: (each.level, each.handlers[:], each.disabled) for each in [logging.root, *loggers]}
    return warnings.filters[:], kept

filters, loggers = state()
import pullbridge.hosts.bitbucket_dc.host
after, found = state()
assert filters == after, after
for name, (level, handlers, disabled) in found.items():
    # New loggers may discard what nobody listens to, as the standard library advises.
    heard = [each for each in handlers if name in loggers or type(each) is not logging.NullHandler]
    assert (level, heard, disabled) == loggers.get(name, (0, [], False)), (name, level, handlers)
"""


def test_the_process_stays_as_it_was() -> None:
    """Loading it changes neither a filter of warnings nor anybody's logger."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", _CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_that_is_sent_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Neither by us nor, for its own requests, by atlassian's client with its curl lines."""
    caplog.set_level("DEBUG")
    with served(lambda _: answer(200, {"name": "ada"})) as (api, _):
        api.send("POST", X, {"text": CANARY}, payloads.Rest, WRITE)
        api.native("PRJ/app").post("rest/api/latest/x", data={"text": CANARY})
    assert CANARY not in caplog.text


def test_a_live_connection_stays_here() -> None:
    """It is neither pickled nor copied."""
    with served(lambda _: answer(200)) as (api, _):
        for each in (api.requests, sdk(api)._session):
            with pytest.raises(TypeError, match="not pickled"):
                pickle.dumps(each)
            with pytest.raises(TypeError, match="not pickled"):
                copy.deepcopy(each)
