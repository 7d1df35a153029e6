"""Servers that are older than github.com: what they lack costs itself, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest
from tests.hostile.scene import SHOWN, Scene

import pullbridge
from pullbridge import (
    Anchor,
    BadAnswer,
    CheckState,
    DraftComment,
    Repository,
    ScopeMissing,
    Token,
    Unsupported,
    Verdict,
)
from pullbridge.capabilities import AnswerState, Can
from pullbridge.hosts.github.gating import OPTIONAL

SERVER = "3.17.4"
ROLLUP, BY_COMMIT = "PullRequest.statusCheckRollup", "Commit.statusCheckRollup"
YES, NO, UNKNOWN = AnswerState.YES, AnswerState.NO, AnswerState.UNKNOWN


@pytest.fixture
def old(scene: Scene) -> Iterator[Scene]:
    """The scene on an Enterprise Server, its pull request with a check that has passed and a comment."""
    scene.host.enterprise_version = SERVER
    scene.app.check(scene.head, "unit", "success")
    scene.connect().threads.start(1, "Why?", Anchor.line("a.txt", SHOWN, commit=scene.head))
    scene.requests.clear()
    yield scene
    scene.host.graphql.without = ()


def graphql(scene: Scene) -> list[str]:
    """The documents that were sent."""
    sent = [each for each in scene.requests if each.path.endswith("/graphql")]
    return [str(msgspec.json.decode(each.body)["query"]) for each in sent]


# Fields ---------------------------------------------------------------------------------------------------------------


def test_one_unknown_field_does_not_lose_the_panel(old: Scene) -> None:
    """GH-47: it is left out at the second try, and from then on at the first."""
    old.host.graphql.without = {"PullRequest.viewerCanUpdateBranch", "PullRequest.isMergeQueueEnabled"}
    repo = old.connect()
    panel = repo.pulls.panel(1)
    first = graphql(old)
    assert len(first) == 2
    assert "viewerCanUpdateBranch" in first[0]
    assert "viewerCanUpdateBranch" not in first[1]
    assert panel.pull.title
    assert panel.gaps == ()
    assert panel.can[Can.UPDATE_BRANCH].state is YES, "what GitHub does not say follows from the role"
    repo.pulls.panel(1)
    repo.pulls.mergeability(1)
    assert len(graphql(old)) == 4


def test_checks_are_read_by_the_head_commit_where_the_pull_request_has_none(old: Scene) -> None:
    """GH-46: in the panel, alone, page after page, and in a search; with nothing missing."""
    for number in range(120):
        old.app.check(old.head, f"check {number:03}", "success")
    old.host.graphql.without = {ROLLUP}
    repo = old.connect()
    panel = repo.pulls.panel(1)
    assert panel.gaps == ()
    assert len(panel.checks) == 121
    assert {check.state for check in panel.checks} == {CheckState.SUCCESS}
    assert repo.checks.list(1) == panel.checks
    assert [pull.checks for pull in repo.pulls.list(with_checks=True)] == [CheckState.SUCCESS]
    assert Can.CHECKS in repo.can


def test_a_server_without_checks_has_a_gap_for_them(old: Scene) -> None:
    """The rest of the panel is there; asking for checks alone is refused, from the second time on without a request."""
    old.host.graphql.without = {ROLLUP, BY_COMMIT}
    repo = old.connect()
    panel = repo.pulls.panel(1)
    assert panel.checks == ()
    (gap,) = panel.gaps
    assert (gap.part, SERVER in gap.reason) == ("checks", True)
    assert panel.threads
    assert repo.can[Can.CHECKS].state is NO
    old.requests.clear()
    with pytest.raises(Unsupported, match=SERVER):
        repo.checks.list(1)
    assert old.requests == []


def test_a_server_that_does_not_know_viewed_files_has_a_gap_for_them(old: Scene) -> None:
    """No file is said to be unviewed, and asking for the viewed ones is refused."""
    old.host.graphql.without = {"PullRequestChangedFile.viewerViewedState"}
    repo = old.connect()
    with pytest.raises(Unsupported, match="viewerViewedState"):
        repo.files.viewed(1)
    panel = repo.pulls.panel(1)
    assert [gap.part for gap in panel.gaps] == ["viewed"]
    assert {file.viewed for file in panel.files} == {None}


def test_what_is_left_out_is_none(old: Scene) -> None:
    """Not false, not empty: the host did not say."""
    gone = ("isDraft", "locked", "autoMergeRequest", "additions", "viewerSubscription", "labels", "assignees")
    old.host.graphql.without = {*(f"PullRequest.{name}" for name in gone), "PullRequestReviewThread.isResolved"}
    panel = old.connect().pulls.panel(1)
    pull = panel.pull
    told = (pull.draft, pull.locked, pull.auto_merge, pull.additions, pull.subscribed, pull.labels, pull.assignees)
    assert set(told) == {None}
    assert [thread.resolved for thread in panel.threads] == [None]


def test_everything_that_can_be_left_out_may_be_missing(old: Scene) -> None:
    """A very old server still shows a pull request, and every verb either works or says what it lacks."""
    everything = {f"{kind}.{name}" for kind, names in OPTIONAL.items() for name in names if kind != "Actor"}
    old.host.graphql.without = everything - {"Bot.name", "Mannequin.name"}  # which no GitHub has
    repo = old.connect()
    panel = repo.pulls.panel(1)
    assert panel.pull.number == 1
    assert [comment.body for thread in panel.threads for comment in thread.comments] == ["Why?"]
    assert {gap.part for gap in panel.gaps} == {"checks", "viewed"}
    assert repo.threads.list(1)[0].comments[0].mine is None
    assert repo.reviews.list(1)
    at = Anchor.line("a.txt", SHOWN, commit=old.head)
    assert repo.reviews.submit(1, Verdict.COMMENT, comments=[DraftComment("So.", at=at)]).complete
    assert [pull.number for pull in repo.pulls.list(text="Fix")] in ([1], [])


def test_a_missing_field_that_nothing_can_stand_for_is_named(old: Scene) -> None:
    """Better no panel than one with a wrong line or without its texts."""
    old.host.graphql.without = {"PullRequestReviewThread.diffSide"}
    with pytest.raises(BadAnswer, match=r"3\.17\.4 has no PullRequestReviewThread\.diffSide"):
        old.connect().pulls.panel(1)
    assert len(graphql(old)) == 1


MUTATIONS: dict[str, tuple[Can, Callable[[Repository], object]]] = {
    "updatePullRequestBranch": (Can.UPDATE_BRANCH, lambda repo: repo.pulls.update_branch(1)),
    "convertPullRequestToDraft": (Can.DRAFTS, lambda repo: repo.pulls.set_draft(1, True)),
    "resolveReviewThread": (Can.RESOLVE, lambda repo: repo.threads.resolve(1, repo.threads.list(1)[0])),
    "updateSubscription": (Can.SUBSCRIBE, lambda repo: repo.pulls.subscribe(1)),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_missing_mutation_is_unsupported(old: Scene, name: str) -> None:
    """With the version as the reason; after that it is a no, and nothing is sent."""
    ability, verb = MUTATIONS[name]
    old.host.graphql.without = {f"Mutation.{name}"}
    repo = old.connect("ada")
    with pytest.raises(Unsupported, match=SERVER) as refused:
        verb(repo)
    assert name in refused.value.reason
    assert not refused.value.maybe_done
    assert repo.can[ability].state is NO
    old.requests.clear()
    with pytest.raises(Unsupported, match=name):
        verb(repo)
    assert all(each.method == "GET" or "mutation" not in each.body.decode() for each in old.requests)


ANSWERS = {
    "an argument": {
        "message": "Field 'updatePullRequestBranch' doesn't accept argument 'updateMethod'",
        "extensions": {
            "code": "argumentNotAccepted",
            "name": "updatePullRequestBranch",
            "argumentName": "updateMethod",
        },
    },
    "an input": {
        "message": "SubscribeInput isn't a defined input type (on $input)",
        "extensions": {"code": "variableRequiresValidType", "typeName": "SubscribeInput", "variableName": "input"},
    },
    "an input's field": {
        "message": "Variable $input of type UpdateInput! was provided invalid value for updateMethod",
        "extensions": {
            "value": {},
            "problems": [{"path": ["updateMethod"], "explanation": "Field is not defined on X"}],
        },
    },
    "an enum's value": {
        "message": "Variable $input of type UpdateInput! was provided invalid value for updateMethod",
        "extensions": {"problems": [{"path": ["m"], "explanation": 'Expected "REBASE" to be one of: MERGE'}]},
    },
}


@pytest.mark.parametrize("what", ANSWERS)
def test_arguments_and_values_that_a_server_lacks_are_unsupported(old: Scene, what: str) -> None:
    """GitHub's words are kept, and its version is in the reason."""
    repo = old.connect("ada")
    pull = repo.pulls.get(1)
    body = msgspec.json.encode({"errors": [ANSWERS[what]]})
    old.host.behave(path="*/graphql", status=200, body=body, headers={"X-GitHub-Enterprise-Version": SERVER})
    with pytest.raises(Unsupported, match=SERVER) as refused:
        repo.pulls.update_branch(pull)
    old.host.behave()
    assert str(ANSWERS[what]["message"]) in refused.value.reason


# Servers and what they can --------------------------------------------------------------------------------------------


def test_a_server_tells_that_it_is_one(old: Scene) -> None:
    """By a header of any answer; before, it is unknown whether it merges in the background (GH-39)."""
    repo = old.connect()
    before = repo.can[Can.MERGE_STACKED].state
    after = repo.probe()[Can.MERGE_STACKED]
    assert (before, after.state) == (UNKNOWN, NO)
    assert f"GitHub Enterprise Server {SERVER}" in after.reason


def test_a_probe_is_two_requests_at_most_and_kept(old: Scene) -> None:
    """It learns scopes, role, settings and version; `again` learns them anew, and another account for itself."""
    old.app.members(ada="write", bob="read")
    old.app.settings(allow_squash=False, allow_auto_merge=False)
    repo = old.connect("bob")
    can = repo.probe()
    assert len(old.requests) == 2
    assert repo.probe() is can
    assert len(old.requests) == 2
    assert can.granted
    assert "read" in can[Can.MERGE].reason
    assert can[Can.AUTO_MERGE].state is NO
    old.app.members(ada="write", bob="write")
    old.app.settings(allow_auto_merge=True)
    assert "read" in repo.can[Can.MERGE].reason
    assert Can.MERGE in repo.probe(again=True)
    assert Can.AUTO_MERGE in repo.can
    assert len(old.requests) == 4


def test_nobody_is_told_what_rest_tells(old: Scene) -> None:
    """One request; GraphQL is not asked, for it answers nobody."""
    with pullbridge.connect(old.app.url, credentials=pullbridge.Anonymous(), settings=old.host.settings) as repo:
        can = repo.probe()
    assert [each.path for each in old.requests] == ["/api/v3/repos/octo/app"]
    assert Can.READ in can
    assert can[Can.COMMENT].reason == "nobody is signed in"


def test_a_missing_scope_is_named_before_the_request(old: Scene) -> None:
    """As soon as any answer told what was granted."""
    repo = old.connect(token=old.host.token("bob", scopes=("read:user",)))
    repo.probe()
    old.requests.clear()
    with pytest.raises(ScopeMissing) as missing:
        repo.threads.start(1, "Hello")
    assert missing.value.needed == ("public_repo",)
    assert missing.value.granted == ("read:user",)
    assert old.requests == []


def test_a_method_that_is_switched_off_is_refused_before_the_request(old: Scene) -> None:
    """N-35: the panel told the settings; the allowed ones are named."""
    old.app.settings(allow_squash=False)
    repo = old.connect("ada")
    repo.pulls.panel(1)
    old.requests.clear()
    with pytest.raises(Unsupported, match="merge and rebase"):
        repo.pulls.merge(1, method=pullbridge.MergeMethod.SQUASH)
    assert old.requests == []
    assert repo.pulls.get(1).state is pullbridge.PullState.OPEN


def test_the_only_method_is_meant_by_none(old: Scene) -> None:
    """GitHub itself would try a merge commit, and refuse it."""
    old.app.settings(allow_merge=False, allow_rebase=False)
    repo = old.connect("ada")
    repo.probe()
    assert repo.pulls.merge(1).commit
    assert repo.pulls.get(1).state is pullbridge.PullState.MERGED


def test_auto_merge_that_is_off_is_refused_before_anything_is_written(old: Scene) -> None:
    """Unless the target has a merge queue, which is another way to wait."""
    old.app.settings(allow_auto_merge=False)
    repo = old.connect("ada")
    repo.probe()
    with pytest.raises(Unsupported, match="auto-merge is off in the repository's settings"):
        repo.pulls.merge(1, when_ready=True)
    assert not any("mutation" in document for document in graphql(old))
    old.app.require(queue=True)
    assert repo.pulls.merge(1, when_ready=True).state is pullbridge.MergeState.QUEUED
    with pytest.raises(Unsupported, match="queue has its own method"):
        repo.pulls.merge(1, when_ready=True, method=pullbridge.MergeMethod.SQUASH)


def test_the_panel_says_what_can_be_done_with_this_one(old: Scene) -> None:
    """The author gives no verdict, and a closed one is opened again before it is merged."""
    mine, theirs = old.connect("ada"), old.connect("bob")
    assert mine.pulls.panel(1).can[Can.APPROVE].state is NO
    assert theirs.pulls.panel(1).can[Can.APPROVE].state is not NO
    mine.pulls.close(1)
    can = mine.pulls.panel(1).can
    assert can[Can.MERGE].reason == "it is closed"
    assert can[Can.REOPEN].state is not NO


def test_a_token_that_may_not_read_checks_has_a_gap_for_them(scene: Scene) -> None:
    """Fine-grained tokens cannot; then the ability is a no with its reason, and the panel is whole but for them."""
    scene.app.settings(private=True)
    scene.app.check(scene.head, "unit", "in_progress")
    value = scene.host.token("bob", permissions={"pull_requests": "read", "contents": "read"})
    with pullbridge.connect(scene.app.url, credentials=Token(value), settings=scene.host.settings) as repo:
        assert repo.can[Can.CHECKS].state is UNKNOWN
        panel = repo.pulls.panel(1)
        assert [gap.part for gap in panel.gaps] == ["checks"]
        assert panel.can[Can.CHECKS].state is NO
        assert repo.can[Can.CHECKS].state is NO
        assert "contents:write and pull_requests:write" in repo.can[Can.RESOLVE].reason
