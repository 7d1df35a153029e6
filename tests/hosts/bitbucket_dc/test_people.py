"""Reviewers on a forge's Data Center, by the public verbs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.hosts.bitbucket_dc.asked import repository, routed, served
from tests.hosts.bitbucket_dc.lab import Lab
from tests.transport.scripted import Seen, answer

from pullbridge import ReviewState, Verdict, errors
from pullbridge.hosts.bitbucket_dc.people import DataCenterReviewers

PULL = "/rest/api/latest/projects/PRJ/repos/app/pull-requests/7"


def standing(lab: Lab) -> dict[str, ReviewState]:
    return {each.person.handle: each.state for each in lab.ada.reviewers.list(lab.pull)}


def test_nobody_is_lost_by_a_request(lab: Lab) -> None:
    """The whole list is written each time, with the version that was read; who was asked already is not asked again."""
    for name in ("grace", "linus", "bob"):
        lab.host.token(name)
    lab.ada.reviewers.request(lab.pull, ["grace", "linus"])
    lab.grace.reviews.submit(lab.pull, Verdict.APPROVE)
    lab.ada.reviewers.request(lab.pull, ["bob", "Grace"])
    assert standing(lab) == {
        "grace": ReviewState.APPROVED,
        "linus": ReviewState.REQUESTED,
        "bob": ReviewState.REQUESTED,
    }
    lab.ada.reviewers.remove(lab.pull, ["linus"])
    assert standing(lab).keys() == {"grace", "bob"}
    lab.forget()
    lab.ada.reviewers.request(lab.pull, ["bob"])
    lab.ada.reviewers.remove(lab.pull, ["linus"])
    assert lab.written() == []
    assert (lab.ada.pulls.get(lab.pull).title, lab.ada.pulls.get(lab.pull).body) == ("Fix the edge", "Why.")


def test_an_edit_between_read_and_write_is_not_lost(lab: Lab) -> None:
    """The write is refused as stale; what the other one wrote is read, and kept."""
    for name in ("grace", "linus"):
        lab.host.token(name)
    stale = json.dumps({"errors": [{"exceptionName": "com.atlassian.bitbucket.pull.PullRequestOutOfDateException"}]})
    lab.host.behave(method="PUT", path="*/pull-requests/1", status=409, body=stale.encode(), times=1)
    lab.as_("root").reviewers.request(lab.pull, ["linus"])
    lab.ada.reviewers.request(lab.pull, ["grace"])
    assert standing(lab).keys() == {"grace", "linus"}


def test_who_cannot_review_is_named(lab: Lab) -> None:
    """A stranger, and the author; nobody is asked then."""
    lab.host.token("grace")
    with pytest.raises(errors.Rejected, match="nobody-here"):
        lab.ada.reviewers.request(lab.pull, ["grace", "nobody-here"])
    with pytest.raises(errors.Rejected, match="ada"):
        lab.ada.reviewers.request(lab.pull, ["ada"])
    assert standing(lab) == {}


def test_a_group_stands_for_its_people(lab: Lab) -> None:
    """They are asked, but for the author; the group is named by its project's key."""
    lab.host.team("OCTO", "Core team", ("ada", "grace", "linus"))
    lab.ada.reviewers.request(lab.pull, ["OCTO/core team"])
    assert standing(lab).keys() == {"grace", "linus"}
    with pytest.raises(errors.NotThere, match="no group"):
        lab.ada.reviewers.request(lab.pull, ["OCTO/others"])
    with pytest.raises(errors.NotThere):
        lab.ada.reviewers.request(lab.pull, ["ELSE/core team"])


@pytest.mark.parametrize("lab", ["7.6.0"], indirect=True)
def test_groups_need_their_version(lab: Lab) -> None:
    """Before, there are none."""
    with pytest.raises(errors.Unsupported, match=r"7\.13"):
        lab.ada.reviewers.request(lab.pull, ["OCTO/core team"])


def test_candidates_are_those_who_may_read(lab: Lab) -> None:
    """Narrowed by a part of the name."""
    for name in ("grace", "graham", "linus"):
        lab.host.token(name)
    assert {each.handle for each in lab.ada.reviewers.candidates("gra")} == {"grace", "graham"}
    assert {"ada", "linus"} <= {each.handle for each in lab.ada.reviewers.candidates()}


def test_somebody_who_has_left_sinks_no_request() -> None:
    """The list that was read is refused for one of its people: it is written again without them."""

    def pull(*names: str) -> dict[str, Any]:
        home = {"slug": "app", "project": {"key": "PRJ"}}
        end = {"id": "refs/heads/x", "latestCommit": "a" * 40, "repository": home}
        people = [{"user": {"name": name}, "role": "REVIEWER", "status": "UNAPPROVED"} for name in names]
        told = {"id": 7, "version": 3, "title": "t", "state": "OPEN", "fromRef": end, "toRef": end}
        return {**told, "reviewers": people}

    def put(seen: Seen) -> bytes:
        names = [each["user"]["name"] for each in json.loads(seen.body)["reviewers"]]
        if "gone" not in names:
            return answer(200, pull(*names))
        told = {"context": "gone", "message": "gone is not a user."}
        return answer(409, {"errors": [{"message": "no", "reviewerErrors": [told]}]})

    routes: dict[str, bytes | Callable[[Seen], bytes]] = {
        f"GET {PULL}": answer(200, pull("gone", "bob")),
        f"PUT {PULL}": put,
    }
    with served(routed(routes)) as (api, server):
        DataCenterReviewers(repository(api)).request(7, ["grace"])
        sent = [json.loads(each.body) for each in server.seen if each.method == "PUT"]
    assert [[each["user"]["name"] for each in body["reviewers"]] for body in sent] == [
        ["gone", "bob", "grace"],
        ["bob", "grace"],
    ]
    assert {body["version"] for body in sent} == {3}
