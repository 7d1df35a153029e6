"""What is asked for seldom, or in another way than usual."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.gitlab.conftest import Caller, Place

from pullbridge.testing.gitlab.parameters import Parameters, nested

ONE = f"{Place.path}/merge_requests/1"


@pytest.fixture
def ada(place: Place) -> Caller:
    """The author of an open merge request."""
    ada = place.person("ada")
    place.opened(ada)
    return ada


def test_brackets() -> None:
    """Names with brackets are lists and objects, as Rack reads them."""
    pairs = [("iids[]", "1"), ("iids[]", "2"), ("not[labels][]", "a"), ("not[author_id]", "3"), ("x", "y")]
    assert nested(pairs) == {"iids": ["1", "2"], "not": {"labels": ["a"], "author_id": "3"}, "x": "y"}
    inner = Parameters(nested(pairs)).inner("not")
    assert (inner.words("labels"), inner.number("author_id")) == (["a"], 3)


def test_forms(place: Place, ada: Caller) -> None:
    """Forms are read like JSON, and JSON that is none is refused."""
    bob = place.person("bob")
    number = place.number("bob")
    sent = [("add_labels", "a,b"), ("reviewer_ids[]", str(number)), ("squash", "true")]
    found = ada.json("PUT", ONE, data=sent)
    assert (found["labels"], found["squash"], found["reviewers"][0]["id"]) == (["a", "b"], True, number)
    headers = {"Content-Type": "application/json"}
    assert "error" in bob.json("PUT", ONE, data=b"{", headers=headers, expect=400)


def test_other_targets(place: Place, ada: Caller) -> None:
    """The target may be changed to any branch but its own, as long as it is open; a bad one changes nothing else."""
    place.app.commit("next", {"n": "n"})
    bad = ada.json("PUT", ONE, json={"title": "New", "target_branch": "nope"}, expect=400)
    assert bad == {"message": {"target_branch": ["does not exist"]}}
    assert ada.json("GET", ONE)["title"] == "Fix"
    own = ada.json("PUT", ONE, json={"target_branch": "fix"}, expect=422)
    assert own == {"message": ["You can't use same project/branch for source and target"]}
    assert ada.json("PUT", ONE, json={"target_branch": "next"})["target_branch"] == "next"
    ada("PUT", ONE, json={"state_event": "close"}, expect=200)
    assert ada.json("PUT", ONE, json={"target_branch": "main"})["target_branch"] == "next"


def test_states_that_do_not_move(place: Place, ada: Caller) -> None:
    """A merged one cannot be reopened, nor one whose branch is gone: nothing is said."""
    place.app.delete_branch("fix")
    assert ada.json("PUT", ONE, json={"state_event": "reopen"})["state"] == "closed"


def test_filters_of_reviews(place: Place, ada: Caller) -> None:
    """Lists know who approved, who is asked for a review, and milestones."""
    bob = place.person("bob")
    stone = ada.json("POST", f"{Place.path}/milestones", json={"title": "v1", "due_date": "2027-01-01"}, expect=201)
    assert stone["due_date"] == "2027-01-01"
    ada("PUT", ONE, json={"milestone": "v1", "reviewer_ids": [place.number("bob")]}, expect=200)
    bob("POST", f"{ONE}/approve", expect=201)
    rows = f"{Place.path}/merge_requests"
    for query, count in {
        f"approved_by_ids[]={place.number('bob')}": 1,
        "approved_by_usernames=bob": 1,
        "approved_by_ids=Any": 1,
        "approved_by_ids=None": 0,
        "milestone=v1": 1,
        "milestone=Any": 1,
        "milestone=v2": 0,
        "not[milestone]=v1": 0,
        "my_reaction_emoji=Any": 0,
        "merge_user_username=ada": 0,
        f"source_project_id={stone['project_id']}": 1,
    }.items():
        assert len(bob.json("GET", f"{rows}?{query}")) == count, query
    assert len(bob.json("GET", "/merge_requests?scope=reviews_for_me")) == 1
    taken = ada.json("POST", f"{Place.path}/milestones", json={"title": "v1"}, expect=400)
    assert "title" in taken["message"]
    assert [row["title"] for row in ada.json("GET", f"{Place.path}/milestones?state=active&search=V")] == ["v1"]
    assert ada.json("GET", f"{Place.path}/milestones/{stone['id']}")["state"] == "active"
    ada("GET", f"{Place.path}/milestones/1", expect=404)
    ada("PUT", ONE, json={"milestone": "v9"}, expect=400)


def test_labels_by_name(ada: Caller) -> None:
    """A label is found by name or number, counted, and gone from everywhere when it is deleted."""
    ada("PUT", ONE, json={"labels": "bug"}, expect=200)
    row = ada.json("GET", f"{Place.path}/labels?with_counts=true")[0]
    assert row["open_merge_requests_count"] == 1
    assert ada.json("GET", f"{Place.path}/labels/{row['id']}")["name"] == "bug"
    ada("DELETE", f"{Place.path}/labels/bug", expect=204)
    assert ada.json("GET", ONE)["labels"] == []
    assert ada.json("GET", f"{Place.path}/labels/bug", expect=404) == {"message": "404 Label Not Found"}


def test_merges_from_forks(place: Place, ada: Caller) -> None:
    """The message of a merge names the fork; comparing across forks works, with strangers it does not."""
    fork = place.lab.fork("octo/app", "ada")
    fork.commit("mine", {"z": "z"})
    home = f"/projects/{fork.record.id}"
    body = {"title": "Afar", "source_branch": "mine", "target_branch": "main", "target_project_id": 1001}
    made = ada.json("POST", f"{home}/merge_requests", json=body, expect=201)
    merged = ada.json("PUT", f"{Place.path}/merge_requests/{made['iid']}/merge")
    message = place.app.record.git.commit(merged["merge_commit_sha"]).message
    assert message.startswith("Merge branch 'ada/app:mine' into 'main'")
    across = f"{home}/repository/compare?from=fix&to=mine&from_project_id=1001"
    assert [row["title"] for row in ada.json("GET", across)["commits"]] == ["Change files"]
    other = place.lab.repository("octo/other").record.id
    ada("GET", f"{home}/repository/compare?from=main&to=mine&from_project_id={other}", expect=404)
    refused = ada.json("POST", f"{home}/merge_requests", json=body | {"target_project_id": other}, expect=422)
    assert refused == {"message": ["Source project is not a fork of the target project"]}


def test_forks_elsewhere(place: Place, ada: Caller) -> None:
    """A fork goes into a group by its path, not into somebody else's space."""
    place.lab.user("team", organization=True)
    place.person("bob")
    made = ada.json("POST", f"{Place.path}/fork", json={"namespace_path": "team", "path": "copy"}, expect=201)
    assert made["path_with_namespace"] == "team/copy"
    ada("POST", f"{Place.path}/fork", json={"namespace_path": "bob"}, expect=403)
    unknown = ada.json("POST", f"{Place.path}/fork", json={"namespace_id": 99}, expect=404)
    assert unknown == {"message": "404 Target Namespace Not Found"}
    assert "ada" in {row["username"] for row in ada.json("GET", "/groups/team/members/all")}


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ({"action": "create", "file_path": "a.txt"}, {"message": "A file with this name already exists"}),
        ({"action": "delete", "file_path": "nope"}, {"message": "A file with this name doesn't exist"}),
        ({"action": "create"}, {"error": "actions[0][file_path] is missing"}),
        ("text", {"error": "actions is invalid"}),
    ],
)
def test_bad_actions(ada: Caller, action: Any, said: Any) -> None:
    """An action that cannot be done makes no commit."""
    sent = {"branch": "main", "commit_message": "m", "actions": [action]}
    assert ada.json("POST", f"{Place.path}/repository/commits", json=sent, expect=400) == said


def test_commits_onto_branches_that_are_there(place: Place, ada: Caller) -> None:
    """A branch that is there is left alone unless it is forced to begin anew."""
    action = {"action": "create", "file_path": "n.txt", "content": "n"}
    sent = {"branch": "fix", "start_branch": "main", "commit_message": "m", "actions": [action]}
    refused = ada.json("POST", f"{Place.path}/repository/commits", json=sent, expect=400)
    assert refused["message"].startswith("A branch called 'fix' already exists.")
    made = ada.json("POST", f"{Place.path}/repository/commits", json=sent | {"force": True}, expect=201)
    assert made["parent_ids"] == [place.app.head("main")]


def test_train_corners(place: Place, ada: Caller) -> None:
    """Boarding waits where it may, and is refused where there is no train or no sense in it."""
    board = f"{Place.path}/merge_trains/merge_requests/1"
    ada("GET", board, expect=404)
    ada("POST", board, expect=400)
    place.app.require(queue=True, checks=("ci",))
    ada("POST", board, expect=400)
    assert ada.json("POST", board, json={"auto_merge": True}, expect=202) == []
    assert ada.json("GET", ONE)["merge_when_pipeline_succeeds"] is True


def test_older_auto_merge(place: Place, ada: Caller) -> None:
    """Before 17.4 it waited for running pipelines alone."""
    place.lab.version = "17.3.0-ee"
    place.app.require(reviews=1)
    ada("PUT", f"{ONE}/merge", json={"merge_when_pipeline_succeeds": True}, expect=405)


def test_searches_by_regular_expression(place: Place, ada: Caller) -> None:
    """Branches are found by a regular expression, and sorted by their newest commit."""
    rows = ada.json("GET", f"{Place.path}/repository/branches?regex=^f.x$")
    assert [row["name"] for row in rows] == ["fix"]
    rows = ada.json("GET", f"{Place.path}/repository/branches?sort=updated_desc")
    assert {row["name"] for row in rows} == {"fix", "main"}
    ada("GET", f"{Place.path}/repository/branches/a..b", expect=400)
    place.app.require("main", reviews=1)
    assert ada.json("GET", f"{Place.path}/protected_branches/main")["merge_access_levels"][0]["access_level"] == 30


def test_a_token_that_revokes_itself(place: Place) -> None:
    """A token may end itself."""
    token = place.caller(place.lab.token("ada"))
    token("DELETE", "/personal_access_tokens/self", expect=204)
    assert token.json("GET", "/user", expect=401)["error"] == "invalid_token"


def test_pages_that_are_not_there(place: Place) -> None:
    """There are no pages, the dumb protocol of git is not served, and a fault may redirect."""
    anybody = place.caller(None)
    anybody("GET", f"{place.lab.url}/octo/app", expect=404)
    anybody("GET", f"{place.app.clone_url}/info/refs", expect=403)
    place.lab.behave(redirect="https://elsewhere.test/", times=1)
    assert anybody("GET", "/version", expect=302).headers["Location"] == "https://elsewhere.test/"
