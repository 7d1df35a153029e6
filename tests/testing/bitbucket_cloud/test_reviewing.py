"""Verdicts and the activity log in the forge's Bitbucket Cloud."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.bitbucket_cloud.conftest import Caller, Place


@pytest.fixture
def opened(place: Place, ada: Caller) -> Place:
    """With a pull request of Ada's that Bob is asked to review."""
    place.opened(ada, reviewers=place.people("bob"))
    return place


def standing(place: Place, who: Caller) -> dict[str, tuple[str, str | None]]:
    """Everybody's role and state."""
    found = who.get(place.pull)["participants"]
    return {each["user"]["nickname"]: (each["role"], each["state"]) for each in found}


def test_verdicts(opened: Place, ada: Caller, bob: Caller) -> None:
    """One person has one verdict; each is given once and taken back once."""
    said = bob.post(f"{opened.pull}/approve")
    assert (said["type"], said["approved"], said["state"], said["role"]) == (
        "participant",
        True,
        "approved",
        "REVIEWER",
    )
    assert bob.post(f"{opened.pull}/approve", expect=409)["error"]["message"].startswith("You already approved")
    bob.post(f"{opened.pull}/request-changes")
    assert standing(opened, ada) == {"bob": ("REVIEWER", "changes_requested")}
    bob("DELETE", f"{opened.pull}/approve", expect=404)
    bob("DELETE", f"{opened.pull}/request-changes", expect=204)
    assert standing(opened, ada) == {"bob": ("REVIEWER", None)}
    bob("DELETE", f"{opened.pull}/request-changes", expect=404)


def test_who_was_not_asked(opened: Place, ada: Caller) -> None:
    """Whoever approves or comments takes part, the author, too."""
    cleo = opened.person("cleo")
    cleo.post(f"{opened.pull}/approve")
    opened.commented(ada)
    assert standing(opened, ada) == {
        "bob": ("REVIEWER", None),
        "cleo": ("PARTICIPANT", "approved"),
        "ada": ("PARTICIPANT", None),
    }
    people = ada.get(opened.pull)["participants"]
    assert [each["participated_on"] is None for each in people] == [True, False, False]


def test_a_post_needs_a_body(opened: Place, bob: Caller) -> None:
    """Without `{}` and its content type it is 400."""
    for path in ("approve", "request-changes", "decline", "merge", "comments"):
        bob("POST", f"{opened.pull}/{path}", expect=400)
        bob("POST", f"{opened.pull}/{path}", data="{}", expect=400)
    bob("POST", f"{opened.pull}/approve", data="[]", headers={"Content-Type": "application/json"}, expect=200)


def test_none_on_what_is_closed(opened: Place, ada: Caller, bob: Caller) -> None:
    """What is merged is neither approved nor unapproved."""
    bob.post(f"{opened.pull}/approve")
    ada.post(f"{opened.pull}/merge")
    for method, path in (("POST", "request-changes"), ("DELETE", "approve"), ("DELETE", "request-changes")):
        bob(method, f"{opened.pull}/{path}", json={}, expect=400)


def kinds(page: dict[str, Any]) -> list[str]:
    """What happened, the newest first."""
    return [next(key for key in row if key != "pull_request") for row in page["values"]]


def test_activity(opened: Place, ada: Caller, bob: Caller) -> None:
    """Comments, verdicts and updates, the newest first, each update with what the pull request was then."""
    ada.put(opened.pull, {"title": "Anew", "reviewers": opened.people("bob"), "draft": True})
    opened.commented(bob)
    bob.post(f"{opened.pull}/request-changes")
    bob.post(f"{opened.pull}/approve")
    opened.app.commit("fix", {"z.txt": "z\n"})
    ada.put(opened.pull, {"draft": False, "description": "Why"})
    ada.post(f"{opened.pull}/decline", {"reason": "No"})
    page = ada.get(f"{opened.pull}/activity", pagelen=50)
    assert "size" not in page
    spoken = ["update"] * 5 + ["approval", "changes_requested", "comment"] + ["update"] * 4
    assert kinds(page) == spoken
    first, *_, last = (row["update"] for row in page["values"] if "update" in row)
    assert (first["state"], first["reason"], first["changes"]["status"]["new"]) == ("DECLINED", "No", "rejected")
    assert (last["state"], last["title"], last["draft"], last["reason"]) == ("OPEN", "Fix", False, "")
    titles = [row["update"]["title"] for row in page["values"] if "update" in row]
    assert titles == ["Anew"] * 7 + ["Fix"] * 2
    drafts = [row["update"]["draft"] for row in page["values"] if "update" in row]
    assert drafts[-4:] == [True, False, False, False]
    assert page["values"][0]["pull_request"]["id"] == 1


def test_activity_leads_on(opened: Place, ada: Caller) -> None:
    """Its pages are followed, never counted."""
    for number in range(25):
        opened.commented(ada, f"{number}")
    first = ada.get(f"{opened.pull}/activity")
    rest = ada.get(first["next"])
    assert (len(first["values"]), len(rest["values"])) == (20, 7)
    assert len(ada.get(f"{opened.pulls}/activity", pagelen=50)["values"]) == 27


def test_activity_of_a_merge(opened: Place, ada: Caller) -> None:
    """A merge, a push and a new target are updates, too."""
    opened.app.commit("next", {"n.txt": "n\n"})
    before = opened.app.head("fix")
    opened.app.commit("fix", {"z.txt": "z\n"})
    ada.put(opened.pull, {"destination": {"branch": {"name": "next"}}, "reviewers": opened.people("bob")})
    ada.post(f"{opened.pull}/merge")
    updates = [row["update"] for row in ada.get(f"{opened.pull}/activity", pagelen=50)["values"]]
    assert [update["state"] for update in updates[:2]] == ["MERGED", "OPEN"]
    assert updates[0]["changes"] == {"status": {"old": "open", "new": "fulfilled"}}
    assert [update["destination"]["branch"]["name"] for update in updates] == ["next", "next", "main", "main", "main"]
    assert updates[-1]["source"]["commit"]["hash"] == before[:12]
    assert updates[-2]["changes"]["reviewers"]["added"][0]["nickname"] == "bob"
