"""Mutations: what they change, what they say in `errors`, and who may not do them at all."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.gitlab.graphql.scene import PATH, Scene

from pullbridge.testing.gitlab import reviewing, talk
from pullbridge.testing.store import Role

UNAVAILABLE = (
    "The resource that you are attempting to access does not exist or you don't have permission to perform this action"
)
TITLE = "mergeRequest { title draft }"


# -- the whole ---------------------------------------------------------------------------------------------------------


def test_drafts_are_made_by_the_title(plain: Scene) -> None:
    """There and back; a draft that is one already stays as it is."""
    draft = plain.do("mergeRequestSetDraft", TITLE, draft=True)
    again = plain.do("mergeRequestSetDraft", TITLE, draft=True)
    ready = plain.do("mergeRequestSetDraft", TITLE, draft=False)

    assert draft["mergeRequest"] == again["mergeRequest"] == {"title": "Draft: Change a line", "draft": True}
    assert ready["mergeRequest"] == {"title": "Change a line", "draft": False}
    assert [event.kind for event in plain.pull.events] == ["draft", "ready"]


def test_create(plain: Scene) -> None:
    """With labels, which are made; a second one of the same branches is an error of the payload."""
    plain.store.repositories.commit(plain.project, "other", {"c.py": "c\n"}, start="main")
    given: dict[str, Any] = {
        "title": "Draft: Other",
        "sourceBranch": "other",
        "targetBranch": "main",
        "labels": ["new"],
    }

    document = "mergeRequest { iid title draft description labels { nodes { title } } author { username } }"
    made = _create(plain, document, description="Why", **given)
    twice = _create(plain, document, **given)
    nowhere = _create(plain, document, **{**given, "sourceBranch": "nowhere"})

    assert made == {
        "errors": [],
        "mergeRequest": {
            "iid": "2",
            "title": "Draft: Other",
            "draft": True,
            "description": "Why",
            "labels": {"nodes": [{"title": "new"}]},
            "author": {"username": "bob"},
        },
    }
    assert twice["mergeRequest"] is nowhere["mergeRequest"] is None
    assert twice["errors"] == ["Validate branches Another open merge request already exists for this source branch: !2"]
    assert nowhere["errors"] == ["Source branch does not exist"]


def _create(scene: Scene, selection: str, **given: Any) -> Any:
    document = (
        "mutation($input: MergeRequestCreateInput!) { mergeRequestCreate(input: $input) { errors " + selection + " } }"
    )
    return scene.data(document, input={"projectPath": PATH, **given})["mergeRequestCreate"]


def test_update(plain: Scene) -> None:
    """Title, text, target and state; what is not named stays, and null clears the text."""
    plain.store.repositories.create_branch(plain.project, "next", plain.project.git.head("main") or "")
    selection = "mergeRequest { title description targetBranch state }"

    first = plain.do("mergeRequestUpdate", selection, title="New", targetBranch="next")["mergeRequest"]
    second = plain.do("mergeRequestUpdate", selection, description=None, state="CLOSED")["mergeRequest"]
    third = plain.do("mergeRequestUpdate", selection, state="OPEN")["mergeRequest"]
    wrong = plain.tried("mergeRequestUpdate", selection, title="Not this", targetBranch="nowhere")
    itself = plain.tried("mergeRequestUpdate", selection, targetBranch=plain.pull.source_branch)

    assert (first["title"], first["targetBranch"]) == ("New", "next")
    assert first["description"] == "Why <not>\n- [x] done\n- [ ] to do"
    assert (second["description"], second["state"]) == (None, "closed")
    assert third == {"title": "New", "description": None, "targetBranch": "next", "state": "opened"}
    assert (wrong["errors"], wrong["mergeRequest"]["title"]) == (["Target branch does not exist"], "New")
    assert itself["errors"] == ["You can't use same project/branch for source and target"]


def test_lock_and_subscribe(plain: Scene) -> None:
    """On and off."""
    locked = plain.do("mergeRequestSetLocked", "mergeRequest { discussionLocked }", locked=True)
    opened = plain.do("mergeRequestSetLocked", "mergeRequest { discussionLocked }", locked=False)
    heard = plain.do("mergeRequestSetSubscription", "mergeRequest { subscribed }", subscribedState=True)
    unheard = plain.do("mergeRequestSetSubscription", "mergeRequest { subscribed }", subscribedState=False)

    assert [locked["mergeRequest"], opened["mergeRequest"]] == [{"discussionLocked": True}, {"discussionLocked": False}]
    assert [heard["mergeRequest"], unheard["mergeRequest"]] == [{"subscribed": True}, {"subscribed": False}]


# -- people, labels, milestones ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mutation", "argument", "field"),
    [
        ("mergeRequestSetReviewers", "reviewerUsernames", "reviewers"),
        ("mergeRequestSetAssignees", "assigneeUsernames", "assignees"),
    ],
)
def test_people_are_replaced_added_and_removed(plain: Scene, mutation: str, argument: str, field: str) -> None:
    """REPLACE is the usual way; who does not exist is passed over."""
    for name in ("carol", "dave"):
        plain.user(name)

    def now(names: list[str], **mode: Any) -> list[str]:
        given: dict[str, Any] = {argument: names, **mode}
        payload = plain.do(mutation, f"mergeRequest {{ {field} {{ nodes {{ username }} }} }}", **given)
        return [one["username"] for one in payload["mergeRequest"][field]["nodes"]]

    assert now(["carol", "nobody"]) == ["carol"]
    assert now(["dave"], operationMode="APPEND") == ["carol", "dave"]
    assert now(["carol"], operationMode="REMOVE") == ["dave"]
    assert now(["carol"], operationMode="REPLACE") == ["carol"]
    assert now([]) == []


def test_without_a_licence_there_is_one_reviewer(plain: Scene) -> None:
    """The others are passed over."""
    plain.at("19.2.0").user("carol")

    payload = plain.do(
        "mergeRequestSetReviewers",
        "mergeRequest { reviewers { nodes { username } } allowsMultipleReviewers }",
        reviewerUsernames=["carol", "bob"],
    )

    assert payload["mergeRequest"] == {
        "reviewers": {"nodes": [{"username": "carol"}]},
        "allowsMultipleReviewers": False,
    }


def test_labels_and_milestones_of_the_project(plain: Scene) -> None:
    """By their ids; those of other projects are passed over, or are not there."""
    other = plain.store.repositories.create("group/other")
    mine = [plain.store.repositories.label(plain.project, name) for name in ("bug", "docs")]
    foreign = plain.store.repositories.label(other, "foreign")
    stone = plain.store.repositories.milestone(plain.project, "One", plain.user("bob"))
    far = plain.store.repositories.milestone(other, "Far", plain.user("bob"))
    ids = [f"gid://gitlab/ProjectLabel/{label.id}" for label in (*mine, foreign)]

    labelled = plain.do("mergeRequestSetLabels", "mergeRequest { labels { nodes { title } } }", labelIds=ids)
    set_ = plain.do(
        "mergeRequestSetMilestone",
        "mergeRequest { milestone { title } }",
        milestoneId=f"gid://gitlab/Milestone/{stone.id}",
    )
    unset = plain.do("mergeRequestSetMilestone", "mergeRequest { milestone { title } }", milestoneId=None)

    assert labelled["mergeRequest"]["labels"]["nodes"] == [{"title": "bug"}, {"title": "docs"}]
    assert (set_["mergeRequest"], unset["mergeRequest"]) == ({"milestone": {"title": "One"}}, {"milestone": None})
    assert plain.refused("mergeRequestSetMilestone", milestoneId=f"gid://gitlab/Milestone/{far.id}") == UNAVAILABLE


# -- reviews -----------------------------------------------------------------------------------------------------------

STATES = "mergeRequest { reviewers { nodes { username mergeRequestInteraction { reviewState } } } }"


def _states(payload: Any) -> dict[str, str]:
    nodes = payload["mergeRequest"]["reviewers"]["nodes"]
    return {node["username"]: node["mergeRequestInteraction"]["reviewState"] for node in nodes}


def test_changes_are_requested_and_taken_back(scene: Scene) -> None:
    """By a reviewer; their approval goes, and the merge is blocked until they take it back."""
    asked = scene.do("mergeRequestRequestChanges", f"{STATES} ")
    blocked = scene.about("detailedMergeStatus")
    scene.do("mergeRequestDestroyRequestedChanges", STATES)
    twice = scene.tried("mergeRequestDestroyRequestedChanges")

    assert _states(asked)["bob"] == "REQUESTED_CHANGES"
    assert blocked == {"detailedMergeStatus": "REQUESTED_CHANGES"}
    assert reviewing.changes_requested(scene.app, scene.pull) == []
    assert twice["errors"] == ["Requested change not found"]


def test_who_is_no_reviewer_hears_of_it(plain: Scene) -> None:
    """The changes are requested nevertheless (`update_reviewer_state_service.rb`)."""
    payload = plain.tried("mergeRequestRequestChanges")

    assert payload["errors"] == ["Reviewer not found"]
    assert reviewing.changes_requested(plain.app, plain.pull) == [plain.user("bob")]


def test_a_new_review_is_asked_for(scene: Scene) -> None:
    """Who approved starts anew; who is no reviewer is not found."""
    carol, dave = scene.user("carol"), scene.user("dave")

    payload = scene.do("mergeRequestReviewerRereview", STATES, userId=f"gid://gitlab/User/{carol.id}")
    stranger = scene.tried("mergeRequestReviewerRereview", userId=f"gid://gitlab/User/{dave.id}")

    assert _states(payload)["carol"] == "UNREVIEWED"
    assert stranger["errors"] == ["Reviewer not found"]


# -- merging -----------------------------------------------------------------------------------------------------------


def test_merge(plain: Scene) -> None:
    """With the head that was looked at; another one, and a draft, are errors of the payload."""
    plain.app.knobs.locked_reads = 1
    stale = plain.tried("mergeRequestAccept", sha="0" * 40)
    given: dict[str, Any] = {"sha": plain.pull.head, "squash": True, "squashCommitMessage": "All of it"}
    merged = plain.do("mergeRequestAccept", "mergeRequest { state mergeCommitSha }", **given)
    again = plain.tried("mergeRequestAccept", sha=plain.pull.head)

    assert stale["errors"] == ["The merge-head is not at the anticipated SHA"]
    assert merged["mergeRequest"]["state"] == "locked"
    assert plain.pull.state == "merged"
    assert plain.project.git.head("main") == plain.pull.merge_commit
    assert plain.pull.squash_commit is not None
    assert again["errors"] == ["This branch cannot be merged"]


def test_merge_with_a_message(plain: Scene) -> None:
    """The words that were sent, and the source branch gone."""
    plain.do(
        "mergeRequestAccept",
        sha=plain.pull.head,
        commitMessage="In it goes",
        shouldRemoveSourceBranch=True,
        selection="",
    )

    assert plain.project.git.commit(plain.pull.merge_commit or "").message == "In it goes"
    assert plain.project.git.head("feature") is None


def test_merge_later(plain: Scene) -> None:
    """By a strategy, once what is in the way is gone; there is nothing to schedule twice, or without need."""
    strategy: dict[str, Any] = {"sha": plain.pull.head, "strategy": "MERGE_WHEN_CHECKS_PASS"}
    needless = plain.tried("mergeRequestAccept", **strategy)
    plain.store.pulls.set_draft(plain.pull, plain.user("alice"), draft=True)
    waits = plain.do(
        "mergeRequestAccept", "mergeRequest { autoMergeEnabled autoMergeStrategy mergeUser { username } }", **strategy
    )
    again = plain.tried("mergeRequestAccept", **strategy)
    plain.store.pulls.set_draft(plain.pull, plain.user("alice"), draft=False)

    assert needless["errors"] == ["The merge failed"]
    assert waits["mergeRequest"] == {
        "autoMergeEnabled": True,
        "autoMergeStrategy": "merge_when_checks_pass",
        "mergeUser": {"username": "bob"},
    }
    assert again["errors"] == ["The merge request is already scheduled to be merged"]
    assert plain.pull.state == "merged"


# -- notes -------------------------------------------------------------------------------------------------------------


def _gid(note: Any) -> str:
    return f"gid://gitlab/{note.kind or 'Note'}/{note.id}"


def test_comments_threads_and_answers(plain: Scene) -> None:
    """A comment is no thread; an answer makes it one; a discussion is one from the start."""
    about: dict[str, Any] = {"noteableId": plain.pull_id}

    comment = plain.do("createNote", "note { id body discussion { id resolvable } }", body="Hm", **about)["note"]
    answer = plain.do(
        "createNote",
        "note { discussion { id resolvable } }",
        body="So",
        discussionId=comment["discussion"]["id"],
        **about,
    )["note"]
    thread = plain.do(
        "createDiscussion", "note { discussion { resolvable } author { username } }", body="Why?", **about
    )["note"]

    assert comment["discussion"]["resolvable"] is False
    assert answer["discussion"]["resolvable"] is True
    assert answer["discussion"]["id"].startswith("gid://gitlab/Discussion/")
    assert thread == {"discussion": {"resolvable": True}, "author": {"username": "bob"}}


def test_a_thread_on_a_line(plain: Scene) -> None:
    """An added line has the new number alone, an unchanged one both; what is nowhere is an error of the payload."""
    version = plain.pull.versions[-1]
    place: dict[str, Any] = {
        "baseSha": version.merge_base,
        "startSha": version.base,
        "headSha": version.head,
        "paths": {"oldPath": "a.py", "newPath": "a.py"},
    }
    selection = "note { position { oldLine newLine positionType } }"
    given: dict[str, Any] = {"noteableId": plain.pull_id, "body": "Here"}

    added = plain.do("createDiffNote", selection, position={**place, "newLine": 5}, **given)["note"]
    same = plain.do("createDiffNote", selection, position={**place, "oldLine": 6, "newLine": 6}, **given)["note"]
    half = plain.tried("createDiffNote", selection, position={**place, "newLine": 6}, **given)

    assert added["position"] == {"oldLine": None, "newLine": 5, "positionType": "text"}
    assert same["position"] == {"oldLine": 6, "newLine": 6, "positionType": "text"}
    assert half["note"] is None
    assert half["errors"] == ["Line code can't be blank", "Line code must be a valid line code"]


def test_commands_in_notes(plain: Scene) -> None:
    """A note of nothing but commands is not kept; newer versions tell of it, older ones call it an error."""
    given: dict[str, Any] = {"noteableId": plain.pull_id, "body": "/approve"}

    new = plain.do("createNote", "note { id } quickActionsStatus { messages commandsOnly }", **given)
    reviewing.unapprove(plain.app, plain.pull, plain.user("bob"))
    old = plain.at("16.0.0-ee").tried("createNote", "note { id }", **given)

    assert new["note"] is old["note"] is None
    assert new["quickActionsStatus"] == {"messages": ["Approved the current merge request."], "commandsOnly": True}
    assert old["errors"] == ["Commands only Approved the current merge request."]
    assert reviewing.approvals(plain.app, plain.pull) != []


def test_notes_are_changed_and_deleted(plain: Scene) -> None:
    """By who wrote them; an empty text is an error of the payload, and the text stays."""
    note = talk.start(plain.app, plain.pull, plain.user("bob"), "First")
    foreign = talk.start(plain.app, plain.pull, plain.user("alice"), "Hers", thread=False)

    changed = plain.do("updateNote", "note { body }", id=_gid(note), body="Second")
    empty = plain.tried("updateNote", "note { body }", id=_gid(note), body=" ")
    thread = plain.do("noteConvertToThread", "note { resolvable }", id=_gid(foreign))
    deleted = plain.do("destroyNote", "note { body }", id=_gid(note))

    assert changed["note"] == empty["note"] == {"body": "Second"}
    assert empty["errors"] == ["Note can't be blank"]
    assert thread["note"] == {"resolvable": True}
    assert deleted["note"] is None
    assert plain.refused("updateNote", id=_gid(note), body="Gone") == UNAVAILABLE
    assert plain.refused("destroyNote", id=_gid(foreign)) == UNAVAILABLE
    assert plain.refused("noteConvertToThread", id=_gid(foreign)) == UNAVAILABLE


def test_threads_are_settled(plain: Scene) -> None:
    """And opened again; what is no thread cannot be."""
    thread = plain.thread(new=5)
    comment = talk.start(plain.app, plain.pull, plain.user("bob"), "All in all", thread=False)
    selection = "discussion { resolved resolvedBy { username } }"
    key = f"gid://gitlab/DiffDiscussion/{thread.discussion.id}"

    settled = plain.do("discussionToggleResolve", selection, id=key, resolve=True)
    opened = plain.do("discussionToggleResolve", selection, id=key, resolve=False)

    assert settled["discussion"] == {"resolved": True, "resolvedBy": {"username": "bob"}}
    assert opened["discussion"] == {"resolved": False, "resolvedBy": None}
    plainly = f"gid://gitlab/IndividualNoteDiscussion/{comment.discussion.id}"
    assert plain.refused("discussionToggleResolve", id=plainly, resolve=True) == UNAVAILABLE
    assert (
        plain.refused("discussionToggleResolve", id="gid://gitlab/Discussion/" + "0" * 40, resolve=True) == UNAVAILABLE
    )


# -- emoji -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", ["note", "merge request"])
def test_emoji(plain: Scene, on: str) -> None:
    """Added once, by another name the same, removed once; toggled there and back."""
    note = talk.start(plain.app, plain.pull, plain.user("alice"), "Good")
    subject: dict[str, Any] = {"awardableId": _gid(note) if on == "note" else plain.pull_id}
    selection = "awardEmoji { name user { username } }"

    added = plain.do("awardEmojiAdd", selection, name="+1", **subject)
    twice = plain.tried("awardEmojiAdd", selection, name="thumbsup", **subject)
    removed = plain.do("awardEmojiRemove", selection, name="thumbsup", **subject)
    gone = plain.tried("awardEmojiRemove", selection, name="thumbsup", **subject)
    on_off = [plain.do("awardEmojiToggle", f"toggledOn {selection}", name="heart", **subject) for _ in range(2)]
    unknown = plain.tried("awardEmojiAdd", selection, name="no such", **subject)

    assert added["awardEmoji"] == {"name": "thumbsup", "user": {"username": "bob"}}
    assert twice["errors"] == ["Name has already been taken"]
    assert removed["awardEmoji"] is None
    assert gone["errors"] == ["User has not awarded emoji of type thumbsup on the awardable"]
    assert [one["toggledOn"] for one in on_off] == [True, False]
    assert unknown["errors"] == ["Name is not a valid emoji name"]


def test_what_the_system_said_takes_no_emoji(scene: Scene) -> None:
    """It is an error of the answer."""
    system = next(note for note in talk.talk_of(scene.app, scene.pull).notes if note.system)

    assert scene.refused("awardEmojiAdd", awardableId=_gid(system), name="heart") == (
        "You cannot award emoji to this resource."
    )


# -- who may not -------------------------------------------------------------------------------------------------------

MEANT_FOR_DEVELOPERS: dict[str, dict[str, Any]] = {
    "mergeRequestSetDraft": {"draft": True},
    "mergeRequestSetLocked": {"locked": True},
    "mergeRequestSetReviewers": {"reviewerUsernames": []},
    "mergeRequestSetLabels": {"labelIds": []},
    "mergeRequestUpdate": {"title": "Mine"},
    "mergeRequestAccept": {"sha": "0" * 40},
    "mergeRequestRequestChanges": {},
}


def test_who_may_not_write_is_told_nothing(plain: Scene) -> None:
    """Readers, nobody, and whoever asks about what is not there, hear the same sentence."""
    plain.project.members = {"bob": Role.WRITE, "eve": Role.READ}
    eve = plain.token_of("eve")

    for mutation, given in MEANT_FOR_DEVELOPERS.items():
        answers = [
            plain.refused(mutation, token=eve, **given),
            plain.refused(mutation, token=None, **given),
            plain.refused(mutation, iid="7", **given),
            plain.refused(mutation, projectPath="no/thing", **given),
        ]
        assert answers == [UNAVAILABLE] * 4, mutation

    assert plain.pull.events == []


def test_a_locked_discussion_is_for_members(plain: Scene) -> None:
    """Who only sees the project may not comment then."""
    plain.project.members = {"bob": Role.WRITE}
    eve = plain.token_of("eve")
    about: dict[str, Any] = {"noteableId": plain.pull_id, "body": "Hm"}

    said = plain.do("createNote", "note { body }", by=eve, **about)
    plain.store.pulls.lock(plain.pull, plain.user("bob"))

    assert said["note"] == {"body": "Hm"}
    assert plain.refused("createNote", token=eve, **about) == UNAVAILABLE
    assert plain.refused("createNote", noteableId="gid://gitlab/MergeRequest/9", body="Hm") == UNAVAILABLE


def test_the_clients_own_id_comes_back(plain: Scene) -> None:
    """As it was sent."""
    payload = plain.do("mergeRequestSetLocked", "clientMutationId", locked=True, clientMutationId="a-1")

    assert payload["clientMutationId"] == "a-1"
