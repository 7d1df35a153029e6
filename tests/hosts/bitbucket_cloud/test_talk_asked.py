"""Bitbucket Cloud's conversations and files over a scripted server: long lists, hostile addresses, forms."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import HTTP
from typing import Any

import pytest
from tests.hosts.bitbucket_cloud.asked import HOME, asked, query, refused, repository, routed, served
from tests.hosts.bitbucket_cloud.talking import EDGE, Talk
from tests.transport.scripted import Seen, answer

from pullbridge import errors
from pullbridge.hosts.bitbucket_cloud import uploading
from pullbridge.hosts.bitbucket_cloud.files import CloudFiles
from pullbridge.hosts.bitbucket_cloud.threads import CloudThreads
from pullbridge.model.orders import Changes
from pullbridge.model.pulls import Branch

COMMENTS = f"{HOME}/pullrequests/7/comments"
TIP, LATER = "a" * 40, "b" * 40


def test_twelve_hundred_comments() -> None:
    """Page after page, each answer hanging on the one before it: one conversation, and no comment lost."""

    def page(seen: Seen) -> bytes:
        number = int(query(seen).get("page", "1"))
        rows: list[dict[str, Any]] = []
        for identity in range((number - 1) * 100 + 1, number * 100 + 1):
            row: dict[str, Any] = {"id": identity, "content": {"raw": str(identity)}}
            rows.append(
                row | ({"inline": {"path": EDGE, "to": 1}} if identity == 1 else {"parent": {"id": identity - 1}})
            )
        told: dict[str, Any] = {"values": rows[::-1], "pagelen": 100}
        if number < 12:
            told["next"] = f"{origin[0]}{COMMENTS}?pagelen=100&page={number + 1}"
        return answer(200, told)

    origin: list[str] = []
    with served(routed({f"GET {COMMENTS}": page})) as (api, server):
        origin.append(server.url)
        (thread,) = CloudThreads(repository(api)).list(7)
        assert thread.id == "1"
        assert [int(comment.id) for comment in thread.comments] == list(range(1, 1201))
        assert asked(server).count(f"GET {COMMENTS}") == 12


@pytest.mark.parametrize("told", ["https://evil.example/2.0/x", "//evil.example/x", f"/2.0/../{COMMENTS}"])
def test_a_next_page_that_leads_away(told: str) -> None:
    """Neither to another origin nor to another list."""
    with served(routed({f"GET {COMMENTS}": answer(200, {"values": [], "next": told})})) as (api, server):
        with pytest.raises((errors.EgressRefused, errors.BadAnswer)):
            CloudThreads(repository(api)).list(7)
        assert len(server.seen) <= 2


def changes(where: str) -> tuple[Changes | None, list[str]]:
    """Ask for changes where the pull request's diff leads to `where`, and once more."""
    end = {"commit": {"hash": "c" * 12}, "repository": {"full_name": "octo/app"}, "branch": {"name": "x"}}
    fork = {**end, "repository": {"full_name": "linus/app"}}
    pull = {"id": 7, "state": "OPEN", "source": fork, "destination": {**end, "commit": {"hash": "d" * 12}}}
    routes = {
        f"GET {HOME}/pullrequests/7": answer(200, pull),
        f"GET {HOME}/pullrequests/7/commits": answer(200, {"values": [{"hash": "c" * 40}]}),
        f"GET {HOME}/pullrequests/7/diffstat": answer(200, {"values": []}),
        f"GET {HOME}/pullrequests/7/diff": answer(302, b"", {"Location": f"{HOME}/diff/{where}"}),
    }

    def script(seen: Seen) -> bytes:
        found = routed(routes)(seen)
        return answer(200, b"", {"Content-Type": "text/plain"}) if "/diff/" in seen.path else found or b""

    with served(script) as (api, server):
        files = CloudFiles(repository(api))
        files.changes(7, None)
        server.seen.clear()
        try:
            return files.changes(7, None), asked(server)
        except errors.BridgeError:
            return None, asked(server)


def test_the_address_of_a_forks_diff_is_kept() -> None:
    """As it was found: with the fork's name, and Bitbucket's carriage return between the commits."""
    found = f"linus/app:{'c' * 12}%0D{'d' * 12}"
    _, sent = changes(found)
    assert f"GET {HOME}/diff/{found}" in sent


@pytest.mark.parametrize("where", [f"linus/..:{'c' * 12}..{'d' * 12}", "main", "c" * 12, "x/y/z:" + "c" * 12])
def test_no_other_address_is(where: str) -> None:
    """What does not look like two commits is asked for by the pull request's own address again."""
    _, sent = changes(where)
    assert f"GET {HOME}/pullrequests/7/diff" in sent


def test_a_file_is_written_by_a_form() -> None:
    """Its bytes as they are, its path from the root, and what it was beside a plain file."""
    body, kind = uploading.form({"message": "Über", "branch": "x"}, 'a/"b".sh', b"\0\r\n\xff", ("executable",))
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=HTTP)
    parts = {str(part.get_param("name", header="content-disposition")): part for part in message.iter_parts()}
    assert list(parts) == ["message", "branch", "/a/%22b%22.sh"]
    assert parts["message"].get_payload(decode=True) == "Über".encode()
    file = parts["/a/%22b%22.sh"]
    assert file.get_payload(decode=True) == b"\0\r\n\xff"
    assert file.get_param("x-attributes", header="content-disposition") == "executable"


def committing(status: int, tip: str) -> errors.BridgeError:
    """Write a file to a branch whose tip is `tip` by now, and be refused."""
    routes = {
        f"GET {HOME}/src/{TIP}/a.sh": answer(200, {"path": "a.sh", "attributes": ["executable"]}),
        f"POST {HOME}/src": refused(status, "The branch has moved."),
        f"GET {HOME}/refs/branches/x": answer(200, {"name": "x", "target": {"hash": tip}}),
    }
    with served(routed(routes)) as (api, server):
        with pytest.raises(errors.BridgeError) as caught:
            CloudFiles(repository(api)).commit(Branch(name="x", commit=TIP, repository=None), "a.sh", b"x", "Write")
        sent = next(seen for seen in server.seen if seen.method == "POST")
        assert b'name="parents"\r\n\r\n' + TIP.encode() in sent.body
        assert b'x-attributes="executable"' in sent.body
        return caught.value


@pytest.mark.parametrize("status", [400, 409])
def test_a_branch_that_moved_is_stale(status: int) -> None:
    """Whichever way it is refused, with both commits."""
    error = committing(status, LATER)
    assert isinstance(error, errors.Stale)
    assert (error.expected, error.found) == (TIP, LATER)


def test_another_refusal_stays_one() -> None:
    """The branch is where it was: it was refused for something else."""
    assert isinstance(committing(400, TIP), errors.Rejected)


def test_a_commit_that_is_not_named_may_be_there() -> None:
    """The answer to a write says where the commit is; without that nobody knows which it is."""
    routes = {f"POST {HOME}/src": answer(201, b"", {"Location": "https://evil.example/not-a-commit"})}
    with served(routed(routes)) as (api, server):
        with pytest.raises(errors.BadAnswer) as caught:
            CloudFiles(repository(api)).commit(Branch(name="x", commit=TIP, repository=None), "a.sh", b"x", "Write")
        assert caught.value.maybe_done
        assert asked(server)[-1] == f"POST {HOME}/src"


@pytest.mark.parametrize("path", ["*/diff", "*/conflicts", "*/diffstat"])
def test_a_redirect_to_another_place(talk: Talk, path: str) -> None:
    """Nothing is sent there, neither for the files nor for the panel."""
    talk.forge.bitbucket_cloud.behave(
        status=302, headers={"Location": "https://evil.example/x"}, method="GET", path=path
    )
    with pytest.raises(errors.EgressRefused):
        talk.grace.pulls.panel(talk.pull)


def test_json_that_is_no_comment() -> None:
    """A proxy's answer is not taken for a list without comments."""
    for body in (b"<html>", json.dumps({"values": [{"id": "x"}]}).encode()):
        with served(routed({f"GET {COMMENTS}": answer(200, body)})) as (api, _), pytest.raises(errors.BadAnswer):
            CloudThreads(repository(api)).list(7)
