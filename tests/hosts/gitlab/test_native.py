"""The live python-gitlab objects: they talk through the guarded transport, and through nothing else."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.hosts.gitlab.asked import UNAUTHORIZED, asked, query, served
from tests.transport.scripted import CANARY, Seen, answer

from pullbridge import errors

MR = {"id": 9001, "iid": 7, "project_id": 42, "title": "t"}


def test_a_lazy_project_costs_nothing() -> None:
    """Only what is called is sent, at the project's own path."""
    with served(lambda _: answer(200, MR)) as (api, server):
        live = api.native("a/b/app")
        assert live is api.native("a/b/app")
        assert server.seen == []
        assert live.mergerequests.get(7).title == "t"
        assert asked(server) == ["GET /api/v4/projects/a%2Fb%2Fapp/merge_requests/7"]
        assert server.seen[0].headers["private-token"] == "glpat-canary"


def test_live_objects_write() -> None:
    """As JSON, and signed."""
    with served(lambda _: answer(201, {"id": 3, "body": "hello"})) as (api, server):
        note = api.native("g/app").mergerequests.get(7, lazy=True).notes.create({"body": "hello"})
        assert note.body == "hello"
        assert (server.seen[0].method, server.seen[0].body) == ("POST", b'{"body": "hello"}')
        assert server.seen[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (answer(404, {"message": "404 Not found"}), errors.NotThere),
        (answer(403, {"message": "403 Forbidden"}), errors.Forbidden),
        (answer(401, UNAUTHORIZED), errors.SignInNeeded),
        (answer(429, {}, {"Retry-After": "3600"}), errors.RateLimited),
        (answer(500, {}), errors.HostDown),
        (answer(200, b"<html>Sign in</html>", {"Content-Type": "text/html"}), errors.BadAnswer),
        (answer(200, b"{"), errors.BadAnswer),
    ],
)
def test_a_refusal_is_a_bridge_error(told: bytes, kind: type[errors.BridgeError]) -> None:
    """No waiting, no repeating, and no exception of python-gitlab's or requests'."""
    with served(lambda _: told) as (api, server):
        with pytest.raises(kind):
            api.native("g/app").mergerequests.get(7)
        assert len(server.seen) == 1


def test_waiting_is_not_left_to_python_gitlab() -> None:
    """It would wait for an hour, ten times, or stumble over a date."""
    headers = {"Retry-After": "Sun, 01 Mar 2099 12:00:00 GMT"}
    with served(lambda _: answer(429, {}, headers)) as (api, server):
        with pytest.raises(errors.RateLimited):
            api.requests.http_get("/user", obey_rate_limit=True, max_retries=5)
        assert len(server.seen) == 1


def test_a_next_link_leads_nowhere_else() -> None:
    """The next page of a list is asked for here, wherever it is said to be."""
    links = iter(['<https://evil.example/api/v4/projects?page=2>; rel="next"', ""])
    with served(lambda _: answer(200, [{"id": 1}], {"Link": next(links)})) as (api, server):
        assert len(list(api.requests.projects.list(iterator=True))) == 2
        assert [(urlsplit(seen.path).path, query(seen).get("page")) for seen in server.seen] == [
            ("/api/v4/projects", None),
            ("/api/v4/projects", "2"),
        ]


def test_a_next_link_without_an_api_is_refused() -> None:
    """That one python-gitlab takes as it is."""
    with served(lambda _: answer(200, [{"id": 1}], {"Link": '<https://evil.example/x?page=2>; rel="next"'})) as (
        api,
        _,
    ):
        rows = iter(api.requests.projects.list(iterator=True))
        assert next(rows).id == 1
        with pytest.raises(errors.EgressRefused):
            next(rows)


@pytest.mark.parametrize(
    "url", ["https://evil.example/x", "http://127.0.0.1:1/api/v4/user", "https://evil.example/api/v4"]
)
def test_an_absolute_address_of_another_host_is_refused(url: str) -> None:
    """Nothing is sent, there or here."""
    with served(lambda _: answer(200)) as (api, server):
        with pytest.raises(errors.EgressRefused):
            api.requests.http_get(url)
        assert server.seen == []


def test_what_is_set_on_the_client_signs_nothing() -> None:
    """Neither a header, nor a token, nor the environment's password file."""
    with served(lambda _: answer(200, {"id": 1}), token=None) as (api, server):
        api.requests.headers["PRIVATE-TOKEN"] = CANARY
        api.requests.private_token = CANARY
        api.requests._set_auth_info()
        api.requests.http_get("/user", extra_headers={"Authorization": f"Bearer {CANARY}", "Cookie": CANARY})
        assert CANARY not in str(server.seen[0].headers)


def test_it_is_not_pickled_nor_copied() -> None:
    """A live connection stays here; a copy would not be guarded."""
    with served(lambda _: answer(200)) as (api, _):
        live: list[Any] = [api.requests, api.native("g/app")]
        for each in live:
            with pytest.raises(TypeError, match="not pickled"):
                pickle.dumps(each)
            with pytest.raises(TypeError, match="not pickled"):
                copy.deepcopy(each)


def test_many_threads_share_it() -> None:
    """Everybody gets the merge request that they asked for."""

    def script(seen: Seen) -> bytes:
        return answer(200, {**MR, "iid": int(urlsplit(seen.path).path.rpartition("/")[2])})

    with served(script) as (api, _), ThreadPoolExecutor(8) as pool:
        live = api.native("g/app")
        numbers = list(pool.map(lambda number: live.mergerequests.get(number).iid, range(1, 81)))
    assert numbers == list(range(1, 81))


def test_lists_are_asked_for_in_full_pages() -> None:
    """python-gitlab's own default is twenty rows."""
    with served(lambda _: answer(200, [MR])) as (api, server):
        api.native("g/app").mergerequests.list(get_all=True)
        assert query(server.seen[0])["per_page"] == "100"


_CODE = """
import logging, warnings
import pullbridge.transport.session, pullbridge.auth.signing  # requests and urllib3 have filters of their own

def state():
    loggers = [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    kept = {each.name: (each.level, each.handlers[:], each.disabled) for each in [logging.root, *loggers]}
    return warnings.filters[:], kept

filters, loggers = state()
import pullbridge.hosts.gitlab.host
after, found = state()
assert filters == after, after
for name, standing in found.items():
    assert standing == loggers.get(name, (0, [], False)), (name, standing)
"""


def test_the_process_stays_as_it_was() -> None:
    """Loading it changes neither a logger nor a filter of warnings."""
    done = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
