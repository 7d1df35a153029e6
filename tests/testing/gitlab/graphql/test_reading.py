"""What GraphQL says of merge requests, people, threads, pipelines and projects."""

from __future__ import annotations

from typing import Any

import pytest
from tests.testing.gitlab.graphql.scene import PATH, WEB, Scene

from pullbridge.testing.gitlab import reviewing, talk
from pullbridge.testing.store import Protection


def test_a_merge_request(scene: Scene) -> None:
    """Its numbers, texts, addresses and branches; times have no milliseconds."""
    pull = scene.about(
        "id iid title description state draft webUrl webPath createdAt mergedAt reference long: reference(full: true) "
        "sourceBranch targetBranch projectId sourceProject { fullPath } discussionLocked taskCompletionStatus "
        "{ count completedCount } labels { count nodes { id title color } } milestone { title state } commitCount"
    )

    label = scene.pull.labels[0]
    assert pull == {
        "id": scene.pull_id,
        "iid": "1",
        "title": "Change a line",
        "description": "Why <not>\n- [x] done\n- [ ] to do",
        "state": "opened",
        "draft": False,
        "webUrl": f"{WEB}/{PATH}/-/merge_requests/1",
        "webPath": f"/{PATH}/-/merge_requests/1",
        "createdAt": scene.pull.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "mergedAt": None,
        "reference": "!1",
        "long": f"{PATH}!1",
        "sourceBranch": "feature",
        "targetBranch": "main",
        "projectId": scene.project.id,
        "sourceProject": {"fullPath": PATH},
        "discussionLocked": True,
        "taskCompletionStatus": {"count": 2, "completedCount": 1},
        "labels": {
            "count": 1,
            "nodes": [{"id": f"gid://gitlab/ProjectLabel/{label.id}", "title": "bug", "color": "#ff0000"}],
        },
        "milestone": {"title": "One", "state": "active"},
        "commitCount": 1,
    }


def test_what_it_changes(scene: Scene) -> None:
    """The commits of its diff, its files with their counts, one file alone, and its commits."""
    version = scene.pull.versions[-1]

    pull = scene.about(
        "diffHeadSha diffRefs { baseSha headSha startSha } diffStats { path additions deletions } "
        'one: diffStats(path: "a.py") { path } diffStatsSummary { additions deletions changes fileCount } '
        "commits(first: 1) { nodes { sha shortId title description authorName authorEmail author { username } } }"
    )

    assert pull["diffHeadSha"] == scene.pull.head
    assert pull["diffRefs"] == {
        "baseSha": version.merge_base,
        "headSha": version.head,
        "startSha": version.base,
    }
    assert pull["diffStats"] == [
        {"path": "a.py", "additions": 1, "deletions": 1},
        {"path": "b.py", "additions": 1, "deletions": 1},
        {"path": "new.py", "additions": 1, "deletions": 0},
        {"path": "old.py", "additions": 0, "deletions": 40},
    ]
    assert pull["one"] == [{"path": "a.py"}]
    assert pull["diffStatsSummary"] == {"additions": 3, "deletions": 42, "changes": 45, "fileCount": 4}
    assert pull["commits"]["nodes"] == [
        {
            "sha": scene.pull.head,
            "shortId": scene.pull.head[:8],
            "title": "Change",
            "description": "With a body",
            "authorName": "Alice",
            "authorEmail": "alice@users.example",
            "author": {"username": "alice"},
        }
    ]


def test_the_diff_of_a_new_merge_request_is_not_made_yet(plain: Scene) -> None:
    """Until then there are no refs and no files; GraphQL's own looks do not hasten it."""
    state = plain.app.states.of(plain.pull)
    state.prepared_at, state.preparing = None, 1

    answers = [plain.about("diffRefs { headSha } diffStats { path } preparedAt detailedMergeStatus") for _ in range(3)]

    assert answers == [{"diffRefs": None, "diffStats": [], "preparedAt": None, "detailedMergeStatus": "MERGEABLE"}] * 3


def test_people_and_their_reviews(scene: Scene) -> None:
    """Who is asked, how far they are, who approved, and who may do what."""
    pull = scene.about(
        "author { username } assignees { nodes { username } } approvedBy { nodes { username } } approved "
        "approvalsRequired approvalsLeft reviewers { nodes { username bot webUrl "
        "mergeRequestInteraction { reviewState approved reviewed canMerge canUpdate } } } "
        "participants { nodes { username } } commenters { nodes { username } } "
        "userPermissions { canMerge canApprove createNote adminMergeRequest }"
    )

    assert pull["author"] == {"username": "alice"}
    assert pull["assignees"]["nodes"] == [{"username": "alice"}]
    assert pull["approvedBy"]["nodes"] == [{"username": "carol"}]
    assert (pull["approved"], pull["approvalsRequired"], pull["approvalsLeft"]) == (True, 0, 0)
    able = {"canMerge": True, "canUpdate": True}
    assert pull["reviewers"]["nodes"] == [
        {
            "username": "bob",
            "bot": False,
            "webUrl": f"{WEB}/bob",
            "mergeRequestInteraction": {"reviewState": "UNREVIEWED", "approved": False, "reviewed": False, **able},
        },
        {
            "username": "carol",
            "bot": False,
            "webUrl": f"{WEB}/carol",
            "mergeRequestInteraction": {"reviewState": "APPROVED", "approved": True, "reviewed": True, **able},
        },
    ]
    assert [one["username"] for one in pull["participants"]["nodes"]] == ["alice", "bob", "carol"]
    assert {one["username"] for one in pull["commenters"]["nodes"]} == {"alice", "bob", "carol"}
    assert pull["userPermissions"] == {
        "canMerge": True,
        "canApprove": True,
        "createNote": True,
        "adminMergeRequest": True,
    }


def test_review_states_of_an_older_gitlab(scene: Scene) -> None:
    """Before 16.9 one had reviewed or not."""
    scene.at("16.8.0-ee")

    found = scene.about("reviewers { nodes { mergeRequestInteraction { reviewState } } }")["reviewers"]["nodes"]

    assert [one["mergeRequestInteraction"]["reviewState"] for one in found] == ["UNREVIEWED", "REVIEWED"]


def test_approval_rules(scene: Scene) -> None:
    """With a licence there is one rule, of everybody who may; without one there is none."""
    scene.store.repositories.protect(scene.project, "main", Protection(reviews=2))
    asked = "approvalState { rules { name type approvalsRequired approved approvedBy { nodes { username } } } }"

    with_licence = scene.about(f"{asked} approvalsLeft detailedMergeStatus")
    scene.app.knobs.tier = "free"
    without = scene.about(f"{asked} approvalsRequired")

    assert with_licence["approvalState"]["rules"] == [
        {
            "name": "All Members",
            "type": "ANY_APPROVER",
            "approvalsRequired": 2,
            "approved": False,
            "approvedBy": {"nodes": [{"username": "carol"}]},
        }
    ]
    assert (with_licence["approvalsLeft"], with_licence["detailedMergeStatus"]) == (1, "NOT_APPROVED")
    assert without == {"approvalState": {"rules": []}, "approvalsRequired": 0}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("security_policy_violations", "SECURITY_POLICIES_VIOLATIONS"),
        ("merge_request_blocked", "BLOCKED_STATUS"),
        ("jira_association_missing", "JIRA_ASSOCIATION"),
        ("status_checks_must_pass", "EXTERNAL_STATUS_CHECKS"),
        ("need_rebase", "NEED_REBASE"),
    ],
)
def test_the_merge_status_is_worded_otherwise_than_in_rest(plain: Scene, word: str, value: str) -> None:
    """Four are, the others are REST's in capitals."""
    plain.app.knobs.detailed_merge_status = word

    assert plain.about("detailedMergeStatus") == {"detailedMergeStatus": value}


def test_mergeability(plain: Scene) -> None:
    """Mergeable, then a draft, then in conflict; each check by itself."""
    asked = "detailedMergeStatus mergeStatusEnum mergeable conflicts mergeabilityChecks { identifier status }"

    fine = plain.about(asked)
    plain.store.pulls.set_draft(plain.pull, plain.user("alice"), draft=True)
    draft = plain.about(asked)

    assert (fine["detailedMergeStatus"], fine["mergeStatusEnum"], fine["mergeable"]) == (
        "MERGEABLE",
        "CAN_BE_MERGED",
        True,
    )
    assert {check["status"] for check in fine["mergeabilityChecks"]} == {"SUCCESS"}
    assert (draft["detailedMergeStatus"], draft["mergeable"], draft["conflicts"]) == ("DRAFT_STATUS", False, False)
    assert {"identifier": "DRAFT_STATUS", "status": "FAILED"} in draft["mergeabilityChecks"]


def test_discussions_and_notes(scene: Scene) -> None:
    """Threads with their places, comments that are none, and what the system said; emoji on a note."""
    found = scene.about(
        "discussions { nodes { id replyId resolvable resolved resolvedBy { username } notes { nodes { id system body "
        "author { username } url resolvable position { positionType filePath oldPath newPath oldLine newLine "
        "diffRefs { headSha } } awardEmoji { nodes { name user { username } } } } } } }"
    )["discussions"]["nodes"]

    [thread] = [one for one in found if one["resolvable"]]
    first, second = thread["notes"]["nodes"]
    assert thread["id"] == thread["replyId"]
    assert thread["id"].startswith("gid://gitlab/DiffDiscussion/")
    assert (thread["resolved"], thread["resolvedBy"]) == (True, {"username": "alice"})
    assert first["id"].startswith("gid://gitlab/DiffNote/")
    number = first["id"].rpartition("/")[2]
    assert first["url"] == f"{WEB}/{PATH}/-/merge_requests/1#note_{number}"
    assert first["position"] == {
        "positionType": "text",
        "filePath": "a.py",
        "oldPath": "a.py",
        "newPath": "a.py",
        "oldLine": None,
        "newLine": 5,
        "diffRefs": {"headSha": scene.pull.head},
    }
    assert second["awardEmoji"]["nodes"] == [{"name": "heart", "user": {"username": "alice"}}]
    [comment] = [
        one
        for one in found
        if one["id"].startswith("gid://gitlab/IndividualNoteDiscussion/") and not one["notes"]["nodes"][0]["system"]
    ]
    assert comment["notes"]["nodes"][0]["body"] == "All in all"
    assert any(one["notes"]["nodes"][0]["system"] for one in found)


def test_counts_of_what_is_said(scene: Scene) -> None:
    """Comments, discussions, those that can be settled and are, votes."""
    assert scene.about(
        "userNotesCount userDiscussionsCount resolvableDiscussionsCount resolvedDiscussionsCount upvotes downvotes "
        "mergeableDiscussionsState"
    ) == {
        "userNotesCount": 3,
        "userDiscussionsCount": 2,
        "resolvableDiscussionsCount": 1,
        "resolvedDiscussionsCount": 1,
        "upvotes": 1,
        "downvotes": 0,
        "mergeableDiscussionsState": True,
    }


def test_internal_notes_are_hidden_from_outsiders(plain: Scene) -> None:
    """Nobody in particular sees the public ones alone."""
    talk.start(plain.app, plain.pull, plain.user("alice"), "Between us", internal=True)
    talk.start(plain.app, plain.pull, plain.user("alice"), "For all")
    asked = "notes { nodes { body internal } }"

    assert len(plain.about(asked)["notes"]["nodes"]) == 2
    assert plain.about(asked, token=None)["notes"]["nodes"] == [{"body": "For all", "internal": False}]


def test_pipelines_and_jobs(scene: Scene) -> None:
    """Jobs by stage, newest first; one that may fail does not count; what is reported from elsewhere is a job, too."""
    head = scene.about(
        "headPipeline { iid status ref path commit { sha } jobs(first: 10) { count nodes { id name status "
        "allowFailure stage { name } detailedStatus { label detailsPath } } } stages { nodes { name status } } } "
        "pipelines { count nodes { sha(format: SHORT) } }"
    )

    pipeline = head["headPipeline"]
    assert (pipeline["iid"], pipeline["status"], pipeline["ref"]) == ("1", "RUNNING", "feature")
    assert pipeline["commit"] == {"sha": scene.pull.head}
    jobs = {job["name"]: job for job in pipeline["jobs"]["nodes"]}
    assert list(jobs) == ["scan", "lint", "unit"]
    assert jobs["unit"]["id"].startswith("gid://gitlab/Ci::Build/")
    assert jobs["unit"]["detailedStatus"]["label"] == "passed"
    assert (jobs["lint"]["status"], jobs["lint"]["allowFailure"], jobs["lint"]["stage"]) == (
        "FAILED",
        True,
        {"name": "check"},
    )
    assert jobs["scan"]["id"].startswith("gid://gitlab/GenericCommitStatus/")
    assert jobs["scan"]["detailedStatus"]["detailsPath"] is None
    assert {"name": "external", "status": "pending"} in pipeline["stages"]["nodes"]
    assert head["pipelines"] == {"count": 1, "nodes": [{"sha": scene.pull.head[:8]}]}


def test_a_pipeline_by_its_number_or_commit(scene: Scene) -> None:
    """One of both must be given; a job is found by its name."""
    document = (
        f'{{ project(fullPath: "{PATH}") {{ a: pipeline(iid: "1") {{ job(name: "lint") {{ name }} }} '
        f'b: pipeline(sha: "{scene.pull.head}") {{ iid }} c: pipeline(iid: "7") {{ iid }} }} }}'
    )

    assert scene.data(document)["project"] == {"a": {"job": {"name": "lint"}}, "b": {"iid": "1"}, "c": None}
    neither = scene.ask(f'{{ project(fullPath: "{PATH}") {{ pipeline {{ iid }} }} }}')
    assert neither["errors"][0]["message"] == "Provide one of an IID or SHA"


def test_a_project(scene: Scene) -> None:
    """Its settings, labels, milestones, members, namespaces and what one may do there."""
    document = (
        f'{{ project(fullPath: "{PATH}") {{ id fullPath name visibility archived onlyAllowMergeIfPipelineSucceeds '
        "group { fullPath } namespace { fullPath } repository { rootRef empty } "
        'label(title: "BUG") { title } '
        "labels { count nodes { title } } milestones { nodes { title } } projectMembers { nodes { user { username } "
        "accessLevel { stringValue integerValue } } } userPermissions { pushCode adminProject } } }"
    )

    project = scene.data(document)["project"]
    outsider = scene.data(document, token=None)["project"]

    assert project["group"] == project["namespace"] == {"fullPath": "group/sub"}
    assert project["repository"] == {"rootRef": "main", "empty": False}
    assert project["label"] == {"title": "bug"}
    assert project["milestones"]["nodes"] == [{"title": "One"}]
    assert {"user": {"username": "bob"}, "accessLevel": {"stringValue": "DEVELOPER", "integerValue": 30}} in project[
        "projectMembers"
    ]["nodes"]
    assert project["userPermissions"] == {"pushCode": True, "adminProject": False}
    assert outsider == {**project, "userPermissions": {"pushCode": False, "adminProject": False}}


def test_branches_cost_most_of_a_query(plain: Scene) -> None:
    """They are found by a pattern."""
    document = f"""{{ queryComplexity {{ score }} project(fullPath: "{PATH}") {{ repository {{
        branchNames(searchPattern: "f*", offset: 0, limit: 5) }} }} }}"""

    answer = plain.data(document)

    assert answer["project"]["repository"] == {"branchNames": ["feature"]}
    assert answer["queryComplexity"]["score"] > 170


FILTERS = [
    ("", ["2", "1"]),
    ("(sort: CREATED_ASC)", ["1", "2"]),
    ("(state: opened)", ["2", "1"]),
    ("(state: merged)", []),
    ('(iids: ["2", "7"])', ["2"]),
    ('(sourceBranches: ["feature"])', ["1"]),
    ('(targetBranches: ["main"], draft: true)', ["2"]),
    ('(labels: ["BUG"])', ["1"]),
    ('(labelName: ["bug"], milestoneTitle: "One")', ["1"]),
    ('(authorUsername: "alice")', ["1"]),
    ('(reviewerUsername: "carol")', ["1"]),
    ('(assigneeUsername: "alice", not: { labels: ["bug"] })', []),
    ('(not: { milestoneTitle: "One" })', ["2"]),
    ('(createdAfter: "2001-01-01", updatedBefore: "2001-01-01T00:00:00Z")', []),
    ('(createdAfter: "2001-01-01T00:00:00+01:00")', ["2", "1"]),
    ('(mergedAfter: "2001-01-01")', []),
]


def test_lists_of_a_project(scene: Scene) -> None:
    """Newest first; each filter and some together."""
    _second(scene)

    for filters, found in FILTERS:
        listed = scene.data(
            f'{{ project(fullPath: "{PATH}") {{ mergeRequests{filters} {{ count nodes {{ iid }} }} }} }}'
        )
        rows = listed["project"]["mergeRequests"]
        assert ([row["iid"] for row in rows["nodes"]], rows["count"]) == (found, len(found)), filters


def _second(scene: Scene) -> None:
    scene.store.repositories.commit(scene.project, "other", {"c.py": "c\n"}, start="main")
    scene.store.pulls.create(
        scene.project, scene.user("bob"), title="Draft: other", source_branch="other", target_branch="main", draft=True
    )


def test_lists_of_a_person(scene: Scene) -> None:
    """What they wrote, are assigned to, and are to review; by how far their review is."""
    _second(scene)
    rows = "{ nodes { iid } }"

    mine = scene.data(
        f"{{ currentUser {{ authoredMergeRequests {rows} reviewRequestedMergeRequests(state: opened) {rows} "
        f"open: reviewRequestedMergeRequests(reviewStates: [UNREVIEWED]) {rows} "
        f'done: reviewRequestedMergeRequests(reviewStates: [APPROVED]) {rows} }} user(username: "alice") '
        f'{{ assignedMergeRequests(projectPath: "{PATH}") {rows} }} }}'
    )

    me = mine["currentUser"]
    assert me["authoredMergeRequests"]["nodes"] == [{"iid": "2"}]
    assert me["reviewRequestedMergeRequests"]["nodes"] == me["open"]["nodes"] == [{"iid": "1"}]
    assert me["done"]["nodes"] == []
    assert mine["user"]["assignedMergeRequests"]["nodes"] == [{"iid": "1"}]


def test_people_of_the_instance(scene: Scene) -> None:
    """By name, by search, by id; nobody in particular may not list them."""
    number = scene.user("carol").id
    document = (
        f'{{ users(usernames: ["carol"]) {{ nodes {{ username }} }} found: users(search: "aro") {{ nodes {{ id }} }} '
        f'user(id: "gid://gitlab/User/{number}") {{ username human state }} gone: user(username: "nobody") {{ id }} }}'
    )

    known = scene.data(document)

    assert known["users"]["nodes"] == [{"username": "carol"}]
    assert known["found"]["nodes"] == [{"id": f"gid://gitlab/User/{number}"}]
    assert known["user"] == {"username": "carol", "human": True, "state": "active"}
    assert known["gone"] is None
    assert scene.data(document, token=None)["users"] is None


def test_a_merge_request_by_its_global_id(scene: Scene) -> None:
    """Of a hidden project, and of another model, there is none."""
    document = "query($id: MergeRequestID!) { mergeRequest(id: $id) { iid } }"

    assert scene.data(document, id=scene.pull_id) == {"mergeRequest": {"iid": "1"}}
    assert scene.data(document, id="gid://gitlab/MergeRequest/999999") == {"mergeRequest": None}
    wrong = scene.ask(document, id="gid://gitlab/User/1")["errors"][0]["message"]
    assert wrong == "gid://gitlab/User/1 is not a valid ID for MergeRequest."
    assert scene.ask(document, id="1")["errors"][0]["message"] == "1 is not a valid GitLab ID."
    scene.project.private, scene.project.members = True, {}
    assert scene.data(document, id=scene.pull_id) == {"mergeRequest": None}


def test_a_deleted_account_is_a_ghost(scene: Scene) -> None:
    """What it wrote stays, by somebody else."""
    scene.store.people.delete("alice")

    pull = scene.about("author { username } assignees { nodes { username } } notes(first: 1) { nodes { system } }")

    assert pull["author"] == {"username": "ghost"}
    assert pull["assignees"]["nodes"] == []


def test_the_instance_and_who_asks(plain: Scene) -> None:
    """Version, edition, and the text again."""
    answer = plain.at("17.9.1").data('{ metadata { version enterprise } echo(text: "hi") }')

    assert answer == {"metadata": {"version": "17.9.1", "enterprise": False}, "echo": '"bob" says: hi'}
    assert plain.data("{ metadata { version } }", token=None) == {"metadata": None}


# -- pages -------------------------------------------------------------------------------------------------------------


def _titles(scene: Scene, arguments: str) -> Any:
    found = scene.about(
        f"notes({arguments}) {{ pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} "
        "edges { cursor node { body } } }"
    )["notes"]
    return [edge["node"]["body"] for edge in found["edges"]], found["pageInfo"], [e["cursor"] for e in found["edges"]]


def test_pages(plain: Scene) -> None:
    """Forwards and backwards, with the cursors of what was given before; a page has a hundred rows at most."""
    for number in range(1, 106):
        talk.start(plain.app, plain.pull, plain.user("alice"), f"n{number}")

    first, info, cursors = _titles(plain, "first: 2")
    second, _, _ = _titles(plain, f'first: 2, after: "{info["endCursor"]}"')
    last, back, _ = _titles(plain, "last: 2")
    before, _, _ = _titles(plain, f'last: 1, before: "{back["startCursor"]}"')
    whole, more, _ = _titles(plain, "first: 1000")
    usual, _, _ = _titles(plain, "first: null")

    assert (first, second, last, before) == (["n1", "n2"], ["n3", "n4"], ["n104", "n105"], ["n103"])
    assert (info["hasNextPage"], info["hasPreviousPage"], back["hasPreviousPage"]) == (True, False, True)
    assert cursors == [info["startCursor"], info["endCursor"]]
    assert len(whole) == len(usual) == 100
    assert more["hasNextPage"] is True


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("first: 1, last: 1", "Can only provide either `first` or `last`, not both"),
        ('first: 1, after: "!"', "Please provide a valid cursor"),
    ],
)
def test_a_page_that_is_none(plain: Scene, arguments: str, message: str) -> None:
    """Both ends at once, and a cursor that nobody gave."""
    [error] = plain.ask(
        f'{{ project(fullPath: "{PATH}") {{ mergeRequest(iid: "1") {{ notes({arguments}) {{ nodes {{ id }} }} }} }} }}'
    )["errors"]

    assert (error["message"], error["path"][:3]) == (message, ["project", "mergeRequest", "notes"])


def test_changes_that_are_asked_for(scene: Scene) -> None:
    """Who asks for them, and what that does to the status; the Community Edition does not know of it."""
    reviewing.update(scene.app, scene.pull, scene.user("carol"), "requested_changes")

    here = scene.about("changeRequesters { nodes { username } } detailedMergeStatus")

    assert here == {"changeRequesters": {"nodes": [{"username": "carol"}]}, "detailedMergeStatus": "REQUESTED_CHANGES"}
