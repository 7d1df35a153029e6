"""Merge requests over the wire: opening, editing, who and what is on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.testing.gitlab.conftest import Caller, Place

from pullbridge.testing.gitlab.drafts import draft_title, is_draft, without_prefix
from pullbridge.testing.gitlab.host import GitLab
from pullbridge.testing.gitlab.knobs import Version

ONE = f"{Place.path}/merge_requests/1"


@pytest.fixture
def ada(place: Place) -> Caller:
    """The author."""
    return place.person("ada")


def test_a_new_one(place: Place, ada: Caller) -> None:
    """It is not looked at yet: no diff, no preparation, an unchecked status; reads bring all of that."""
    made = place.opened(ada, description="- [x] one\n- [ ] two")
    assert (made["state"], made["diff_refs"], made["prepared_at"], made["changes_count"]) == (
        "opened",
        None,
        None,
        None,
    )
    assert (made["merge_status"], made["detailed_merge_status"]) == ("unchecked", "preparing")
    assert made["task_completion_status"] == {"count": 2, "completed_count": 1}
    assert "allow_collaboration" not in made
    first, second = ada.json("GET", ONE), ada.json("GET", ONE)
    assert (first["merge_status"], first["detailed_merge_status"]) == ("checking", "preparing")
    assert (second["merge_status"], second["detailed_merge_status"]) == ("can_be_merged", "mergeable")
    assert second["diff_refs"] == {
        "base_sha": place.app.head("main"),
        "head_sha": place.app.head("fix"),
        "start_sha": place.app.head("main"),
    }
    assert (second["changes_count"], second["sha"]) == ("2", place.app.head("fix"))
    assert second["prepared_at"] is not None


def test_a_push_that_is_not_seen_yet(place: Place, ada: Caller) -> None:
    """With the knob, reads after a push still find the former head and its diff."""
    place.lab.knobs.push_reads, place.lab.knobs.preparation_reads = 2, 0
    place.opened(ada)
    old = ada.json("GET", ONE)["sha"]
    new = place.app.commit("fix", {"d.txt": "d\n"})
    seen = [ada.json("GET", ONE) for _ in range(2)]
    assert [found["sha"] for found in seen] == [old, new]
    assert seen[0]["diff_refs"]["head_sha"] == old
    assert seen[0]["prepared_at"] is not None


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"title": None, "source_branch": None}, 400, {"error": "title is missing, source_branch is missing"}),
        ({"title": ""}, 400, {"message": {"title": ["can't be blank"]}}),
        ({"title": "x" * 256}, 400, {"message": {"title": ["is too long (maximum is 255 characters)"]}}),
        ({"source_branch": "nope"}, 400, {"message": {"source_branch": ["does not exist"]}}),
        ({"source_branch": "main"}, 422, {"message": ["You can't use same project/branch for source and target"]}),
        ({"squash": "perhaps"}, 400, {"error": "squash is invalid"}),
    ],
)
def test_bad_ones(place: Place, ada: Caller, change: dict[str, Any], status: int, said: Any) -> None:
    """What is wrong is said in GitLab's several forms."""
    sent = {"title": "Fix", "source_branch": "fix", "target_branch": "main"} | change
    sent = {name: value for name, value in sent.items() if value is not None}
    assert ada.json("POST", f"{place.path}/merge_requests", json=sent, expect=status) == said


def test_twice(place: Place, ada: Caller) -> None:
    """A second one of the same branches is a conflict that names the first; a third, once that is closed, is not."""
    place.opened(ada)
    sent = {"title": "Fix", "source_branch": "fix", "target_branch": "main"}
    said = "Another open merge request already exists for this source branch: !1"
    assert ada.json("POST", f"{place.path}/merge_requests", json=sent, expect=409) == {"message": [said]}
    assert ada.json("PUT", ONE, json={"state_event": "close"})["state"] == "closed"
    assert place.opened(ada)["iid"] == 2
    assert ada.json("PUT", ONE, json={"state_event": "reopen"}, expect=409) == {
        "message": ["Another open merge request already exists for this source branch: !2"]
    }


def test_nothing_new(place: Place, ada: Caller) -> None:
    """One without commits can be made, and cannot be merged."""
    place.person("ada")("POST", f"{place.path}/repository/branches", json={"branch": "same", "ref": "main"})
    sent = {"title": "Nothing", "source_branch": "same", "target_branch": "main"}
    ada("POST", f"{place.path}/merge_requests", json=sent, expect=201)
    found = [ada.json("GET", ONE) for _ in range(2)][-1]
    assert (found["detailed_merge_status"], found["changes_count"]) == ("commits_status", "0")


def test_from_a_fork(place: Place, ada: Caller) -> None:
    """It is made on the fork, lands in the target, and says whether others may push to the fork."""
    fork = ada.json("POST", f"{place.path}/fork", json={}, expect=201)
    assert (fork["import_status"], fork["forked_from_project"]["path_with_namespace"]) == ("scheduled", "octo/app")
    home = f"/projects/{fork['id']}"
    assert [ada.json("GET", home)["import_status"] for _ in range(1)] == ["finished"]
    action = {"action": "create", "file_path": "z.txt", "content": "z"}
    sent = {"branch": "mine", "start_branch": "main", "commit_message": "Z", "actions": [action]}
    ada("POST", f"{home}/repository/commits", json=sent, expect=201)
    body = {"title": "From afar", "source_branch": "mine", "target_branch": "main", "target_project_id": 1001}
    made = ada.json("POST", f"{home}/merge_requests", json=body, expect=201)
    assert (made["source_project_id"], made["target_project_id"], made["project_id"]) == (fork["id"], 1001, 1001)
    assert made["allow_collaboration"] is True
    place.lab.delete_fork("ada/app")
    assert ada.json("GET", ONE)["source_project_id"] is None


# -- people, labels ----------------------------------------------------------------------------------------------------


def test_people_replace(place: Place, ada: Caller) -> None:
    """A list of ids replaces; an empty one and 0 clear; people who are not there are passed over, and never clear."""
    for who in ("grace", "bob"):
        place.person(who)
    ids = [place.number(who) for who in ("ada", "grace", "bob")]
    place.opened(ada, reviewer_ids=ids[1:2], assignee_ids=ids)

    def names(sent: dict[str, Any], field: str) -> list[str]:
        return [user["username"] for user in ada.json("PUT", ONE, json=sent)[field]]

    assert names({"title": "Same"}, "assignees") == ["ada", "grace", "bob"]
    assert names({"reviewer_ids": ids[2:]}, "reviewers") == ["bob"]
    assert names({"reviewer_ids": [999_999]}, "reviewers") == ["bob"]
    assert names({"reviewer_ids": [*ids[1:], 999_999]}, "reviewers") == ["grace", "bob"]
    assert names({"reviewer_ids": [0]}, "reviewers") == []
    assert names({"assignee_ids": []}, "assignees") == []
    assert names({"assignee_ids": f"{ids[0]},{ids[1]}"}, "assignees") == ["ada", "grace"]


def test_too_many_people(place: Place, ada: Caller) -> None:
    """Two hundred reviewers are the most."""
    place.opened(ada)
    store = place.lab.store
    ids = [store.people.user(f"user{number}").id for number in range(201)]
    refused = ada.json("PUT", ONE, json={"reviewer_ids": ids}, expect=400)
    assert refused == {"message": {"reviewers": ["total must be less than or equal to 200"]}}


def test_one_reviewer_in_the_community_edition(gitlab_forge: Callable[..., GitLab]) -> None:
    """Without the licence the first of several reviewers stays, and nothing is said."""
    lab = gitlab_forge(gitlab_version="17.0.0")
    app = lab.repository("octo/app", files={"a.txt": "one\n"})
    app.commit("fix", {"a.txt": "two\n"})
    place = Place(lab, app)
    with place.exit:
        ada, _, _ = (place.person(who) for who in ("ada", "bob", "grace"))
        made = place.opened(ada, reviewer_ids=[place.number("bob"), place.number("grace")])
        assert [user["username"] for user in made["reviewers"]] == ["bob"]
        assert "approvals_before_merge" not in made


def test_labels(place: Place, ada: Caller) -> None:
    """Unknown labels are made; they are replaced, added and removed; details come where they are asked for."""
    place.opened(ada, labels="bug, two words")
    assert ada.json("PUT", ONE, json={"add_labels": "new", "remove_labels": "bug"})["labels"] == ["new", "two words"]
    assert ada.json("PUT", ONE, json={"labels": ["only"]})["labels"] == ["only"]
    row = ada.json("GET", f"{place.path}/merge_requests?with_labels_details=true")[0]
    assert row["labels"][0]["name"] == "only"
    known = {label["name"] for label in ada.json("GET", f"{place.path}/labels")}
    assert known == {"bug", "two words", "new", "only"}
    assert ada.json("PUT", ONE, json={"labels": ""})["labels"] == []
    taken = ada.json("POST", f"{place.path}/labels", json={"name": "bug", "color": "#fff"}, expect=409)
    assert taken == {"message": "Label already exists"}


def test_milestones_and_locks(place: Place, ada: Caller) -> None:
    """A milestone is set by its number and cleared by 0; a lock is shown as such."""
    place.opened(ada)
    stone = ada.json("POST", f"{place.path}/milestones", json={"title": "v1"}, expect=201)
    found = ada.json("PUT", ONE, json={"milestone_id": stone["id"], "discussion_locked": True})
    assert (found["milestone"]["title"], found["discussion_locked"]) == ("v1", True)
    assert ada.json("GET", f"{place.path}/milestones/{stone['id']}/merge_requests")[0]["iid"] == 1
    found = ada.json("PUT", ONE, json={"milestone_id": 0, "discussion_locked": False})
    assert (found["milestone"], found["discussion_locked"]) == (None, None)


def test_who_may_edit(place: Place, ada: Caller) -> None:
    """A reader may not, the author may; nothing to change is refused; only owners delete."""
    place.opened(ada)
    place.app.members(ada="write", eve="read")
    assert place.person("eve").json("PUT", ONE, json={"title": "Mine"}, expect=403) == {"message": "403 Forbidden"}
    nothing = ada.json("PUT", ONE, json={}, expect=400)
    assert nothing["error"].endswith("are missing, at least one parameter must be provided")
    assert ada.json("PUT", ONE, json={"title": " "}, expect=400) == {"error": "title is empty"}
    ada("DELETE", ONE, expect=403)
    place.app.members(ada="admin")
    old = {"If-Unmodified-Since": "Wed, 01 Jan 2020 00:00:00 GMT"}
    assert ada.json("DELETE", ONE, headers=old, expect=412) == {"message": "412 Precondition Failed"}
    ada("DELETE", ONE, expect=204)
    assert ada.json("GET", ONE, expect=404) == {"message": "404 Not Found"}


def test_subscriptions(place: Place, ada: Caller) -> None:
    """Subscribing twice is 304; an author is subscribed by taking part, until they say otherwise."""
    place.opened(ada)
    bob = place.person("bob")
    assert bob.json("POST", f"{ONE}/subscribe", expect=201)["subscribed"] is True
    bob("POST", f"{ONE}/subscribe", expect=304)
    assert bob.json("POST", f"{ONE}/unsubscribe", expect=201)["subscribed"] is False
    ada("POST", f"{ONE}/subscribe", expect=304)
    ada("POST", f"{ONE}/unsubscribe", expect=201)
    ada("POST", f"{ONE}/unsubscribe", expect=304)


def test_what_hangs_on_it(place: Place, ada: Caller) -> None:
    """Commits come newest first once the diff is made; participants are who took part."""
    place.opened(ada)
    assert ada.json("GET", f"{ONE}/commits") == []
    [ada.json("GET", ONE) for _ in range(2)]
    assert [commit["title"] for commit in ada.json("GET", f"{ONE}/commits")] == ["Add c", "Say two"]
    assert [user["username"] for user in ada.json("GET", f"{ONE}/participants")] == ["ada"]
    sha = place.app.head("fix")
    assert ada.json("GET", f"{place.path}/repository/commits/{sha}/merge_requests")[0]["iid"] == 1


# -- drafts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "title", "draft"),
    [
        ("19.0.0", "Draft: x", True),
        ("19.0.0", "[Draft] x", True),
        ("19.0.0", "(draft) x", True),
        ("19.0.0", "Draft x", False),
        ("19.0.0", "Drafted: x", False),
        ("19.0.0", "WIP: x", False),
        ("14.0.0", "WIP: x", True),
        ("14.0.0", "Draft - x", True),
        ("13.1.0", "Draft: x", False),
        ("13.1.0", "[WIP] x", True),
    ],
)
def test_titles_of_drafts(version: str, title: str, draft: bool) -> None:
    """Which prefixes count depends on the version, and without its prefix a title is ready."""
    assert is_draft(title, Version(version)) is draft
    assert without_prefix(title, Version(version)) == ("x" if draft else title)
    assert is_draft(draft_title("x", Version(version)), Version(version))


def test_drafts(place: Place, ada: Caller) -> None:
    """The title alone makes a draft; a change of nothing but that is told as such."""
    made = place.opened(ada, title="Draft: Fix", draft=False)
    assert (made["draft"], made["work_in_progress"]) == (True, True)
    found = ada.json("PUT", ONE, json={"title": "Fix"})
    assert (found["draft"], found["title"]) == (False, "Fix")
    kinds = [event.kind for event in place.app.record.pulls[1].events]
    assert kinds == ["ready"]


def test_older_versions(gitlab_forge: Callable[..., GitLab]) -> None:
    """What a version does not know is neither in its answers nor among its addresses."""
    lab = gitlab_forge(gitlab_version="13.12.0")
    app = lab.repository("octo/app", files={"a.txt": "one\n"})
    app.commit("fix", {"a.txt": "two\n"})
    place = Place(lab, app)
    with place.exit:
        ada = place.person("ada")
        made = place.opened(ada)
        absent = {"draft", "detailed_merge_status", "prepared_at", "merge_user", "imported", "merge_after"}
        assert not absent & made.keys()
        assert {"reviewers", "work_in_progress", "merge_status"} <= made.keys()
        assert ada.json("GET", "/version") == {"version": "13.12.0", "revision": "e91cba9cbd9"}
        assert ada.json("GET", "/metadata", expect=404) == {"error": "404 Not Found"}
        lab.version = "19.2.0-ee"
        told = ada.json("GET", "/metadata")
        assert (told["version"], told["enterprise"]) == ("19.2.0-ee", True)
