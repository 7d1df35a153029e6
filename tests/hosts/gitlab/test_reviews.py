"""Reviews on GitLab: comments, a text and a verdict, piece by piece, each with its outcome; and verdicts taken back."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from tests.hosts.gitlab.lab import Lab
from tests.hosts.gitlab.talking import EDGE, NEW, Talk

import pullbridge
from pullbridge import Anchor, Can, DraftComment, OutcomeStatus, ReviewReceipt, ReviewState, Side, Verdict
from pullbridge.testing import Fault

DRAFTS = [DraftComment(f"Comment {n}", at=Anchor.line(EDGE, n)) for n in range(1, 31)]
HERE = Anchor.line(EDGE, 20)


def statuses(receipt: ReviewReceipt) -> list[OutcomeStatus]:
    return [each.status for each in receipt.outcomes]


def bodies(talk: Talk) -> list[str]:
    return [comment.body for thread in talk.threads() for comment in thread.comments]


def test_thirty_comments_and_a_text_take_a_request_each(talk: Talk) -> None:
    """With the panel in hand nothing is read first, and nothing afterwards."""
    talk.grace.pulls.panel(talk.pull)
    talk.forget()
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "A few things.", DRAFTS)
    assert receipt.complete
    assert sorted(talk.sent()) == ["POST /merge_requests/1/discussions"] * 30 + ["POST /merge_requests/1/notes"]
    up = {c.id: c.body for thread in talk.threads() for c in thread.comments}
    assert [up[each.comment.id] for each in receipt.outcomes if each.comment] == [each.body for each in DRAFTS]


def test_a_text_is_a_lone_note(talk: Talk) -> None:
    """Nothing that had to be settled before the merge; it is the review that the receipt names."""
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "All in all.")
    assert receipt.review is not None
    assert (receipt.review.state, receipt.review.body, receipt.review.mine) == (
        ReviewState.COMMENTED,
        "All in all.",
        True,
    )
    assert talk.only().comments[0].id == receipt.review.id
    assert talk.only().resolved is None


def test_comments_alone_are_a_review(talk: Talk) -> None:
    """On lines, on the whole and in a conversation."""
    thread = talk.ada.threads.start(talk.pull, "Why?")
    drafts = [DraftComment("On it", at=HERE), DraftComment("On all"), DraftComment("Because", reply_to=thread.id)]
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, comments=drafts)
    assert receipt.complete
    assert sorted(bodies(talk)) == ["Because", "On all", "On it", "Why?"]


@pytest.mark.parametrize(
    ("verdict", "state"),
    [(Verdict.APPROVE, ReviewState.APPROVED), (Verdict.REQUEST_CHANGES, ReviewState.CHANGES_REQUESTED)],
)
def test_a_verdict_comes_last(talk: Talk, verdict: Verdict, state: ReviewState) -> None:
    """When its reasons are there to be read; it is a review of mine."""
    receipt = talk.grace.reviews.submit(talk.pull, verdict, "All in all.", [DraftComment("Hm.", at=HERE)])
    assert receipt.complete
    assert {each.rpartition("/")[2] for each in talk.written()[:2]} == {"discussions", "notes"}
    assert receipt.review is not None
    assert (receipt.review.state, receipt.review.body, receipt.review.mine) == (state, "All in all.", True)
    assert [(each.author.handle, each.state, each.mine) for each in talk.grace.reviews.list(talk.pull)] == [
        ("grace", state, True)
    ]
    assert [each.mine for each in talk.ada.reviews.list(talk.pull)] == [False]


def test_an_approval_is_guarded_by_the_head(talk: Talk) -> None:
    """The commit that was looked at goes with it; nothing is posted where that is not the head any more."""
    seen = talk.head
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, expect_head=seen)
    assert talk.body("approve") == {"sha": seen}
    talk.push()
    with pytest.raises(pullbridge.Stale) as caught:
        talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, "Fine.", expect_head=seen)
    assert (caught.value.expected, caught.value.found) == (seen, talk.head)
    assert bodies(talk) == []


def test_comments_are_up_although_the_verdict_is_refused(talk: Talk) -> None:
    """A push in between: the receipt says which is which, and can go on."""
    talk.grace.pulls.panel(talk.pull)
    seen = talk.head
    talk.push()
    at = Anchor.line(EDGE, 20, commit=seen)
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, "Fine.", [DraftComment("Hm.", at=at)])
    assert statuses(receipt) == [OutcomeStatus.POSTED]
    assert receipt.verdict.status is OutcomeStatus.REJECTED
    assert isinstance(receipt.verdict.error, pullbridge.Stale)
    assert sorted(bodies(talk)) == ["Fine.", "Hm."]


def test_an_approval_is_given_once(talk: Talk) -> None:
    """GitLab refuses a second one as if one might not approve: it stands, all the same."""
    for _ in range(2):
        receipt = talk.grace.reviews.submit(talk.pull, Verdict.APPROVE)
        assert receipt.verdict.status is OutcomeStatus.POSTED
    assert [each.state for each in talk.ada.reviews.list(talk.pull)] == [ReviewState.APPROVED]


def test_whoever_may_not_approve_is_told(talk: Talk) -> None:
    """The author, and whoever has no role. It is no matter of the token, although GitLab says 401."""
    talk.lab.forge.gitlab.knobs.author_approves = False
    for who in (talk.ada, talk.lab.as_("linus")):
        with pytest.raises(pullbridge.Forbidden, match="does not let this account approve"):
            who.reviews.submit(talk.pull, Verdict.APPROVE)


def test_a_password_is_not_kept(talk: Talk) -> None:
    """Where the project wants one with every approval, that is the reason given."""
    talk.lab.forge.gitlab.knobs.password_to_approve = "secret"
    with pytest.raises(pullbridge.Unsupported, match="approval_password"):
        talk.grace.reviews.submit(talk.pull, Verdict.APPROVE)


@pytest.mark.parametrize(
    ("version", "way"),
    [
        ("19.2.0-ee", "graphql"),
        ("19.2.0", "graphql"),
        ("17.9.0-ee", "/merge_requests/1/notes"),
        ("17.0.0", "/merge_requests/1/notes"),
    ],
)
def test_changes_are_requested_by_the_way_that_the_version_has(talk: Talk, version: str, way: str) -> None:
    """A mutation, or a quick action; whoever was not asked for a review is a reviewer then."""
    talk.lab.forge.gitlab.version = version
    talk.forget()
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.REQUEST_CHANGES, "Two things.")
    assert receipt.complete
    assert any(each.endswith(way) for each in talk.sent("POST"))
    assert [(each.person.handle, each.state) for each in talk.ada.reviewers.list(talk.pull)] == [
        ("grace", ReviewState.CHANGES_REQUESTED)
    ]
    assert bodies(talk) == ["Two things."]


def test_rest_requests_changes_where_graphql_does_not_answer(talk: Talk) -> None:
    """As to a fine-grained token; but not while drafts of mine would be published by it."""
    refused = json.dumps({"data": {"mergeRequestRequestChanges": None}}).encode()
    talk.lab.forge.gitlab.add_fault(Fault(path="*/graphql", status=200, body=refused))
    assert talk.grace.reviews.submit(talk.pull, Verdict.REQUEST_CHANGES, "Two things.").complete
    assert talk.body("bulk_publish") == {"reviewer_state": "requested_changes"}


def test_a_command_that_the_version_does_not_know_leaves_no_comment(talk: Talk) -> None:
    """It would be a text like any other."""
    talk.lab.forge.gitlab.version = "16.9.0"
    note = {"id": 77, "body": "/request_changes", "author": {"id": 1, "username": "grace"}}
    talk.lab.forge.gitlab.add_fault(
        Fault(method="POST", path="*/notes", containing="/request_changes", status=201, body=json.dumps(note).encode())
    )
    talk.lab.forge.gitlab.add_fault(Fault(method="DELETE", path="*/notes/77", status=204))
    with pytest.raises(pullbridge.Unsupported, match="knows no requests for changes") as caught:
        talk.grace.reviews.submit(talk.pull, Verdict.REQUEST_CHANGES, "Two things.").raise_if_incomplete()
    assert caught.value.can is Can.REQUEST_CHANGES
    assert talk.sent("DELETE") == ["DELETE /merge_requests/1/notes/77"]


def test_changes_cannot_be_requested_on_an_older_version(talk: Talk) -> None:
    """It is known before, and never a plain note instead."""
    talk.lab.forge.gitlab.version = "16.8.0"
    talk.grace.probe()
    assert talk.grace.can[Can.REQUEST_CHANGES].state is pullbridge.AnswerState.NO
    with pytest.raises(pullbridge.Unsupported, match=r"16\.9"):
        talk.grace.reviews.submit(talk.pull, Verdict.REQUEST_CHANGES, "Two things.")
    assert bodies(talk) == []


def test_whoever_asks_for_changes_takes_the_approval_back(talk: Talk) -> None:
    """One verdict a person."""
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE)
    talk.grace.reviews.submit(talk.pull, Verdict.REQUEST_CHANGES, "After all.")
    assert [each.state for each in talk.ada.reviews.list(talk.pull)] == [ReviewState.CHANGES_REQUESTED]
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE)
    assert [each.state for each in talk.ada.reviews.list(talk.pull)] == [ReviewState.APPROVED]


@pytest.mark.parametrize("version", ["19.2.0-ee", "19.2.0", "17.0.0"])
@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REQUEST_CHANGES])
def test_a_verdict_is_withdrawn(talk: Talk, verdict: Verdict, version: str) -> None:
    """Mine alone; where there is none, that is said."""
    talk.lab.forge.gitlab.version = version
    with pytest.raises(pullbridge.NotThere):
        talk.grace.reviews.withdraw(talk.pull)
    talk.grace.reviews.submit(talk.pull, verdict, "All in all.")
    withdrawn = talk.grace.reviews.withdraw(talk.pull)
    assert (withdrawn.state, withdrawn.mine) == (ReviewState.DISMISSED, True)
    left = {each.state for each in talk.ada.reviews.list(talk.pull)}
    assert left <= {ReviewState.DISMISSED, ReviewState.COMMENTED}


def test_nobody_dismisses_what_others_say(talk: Talk) -> None:
    """It is known before anything is sent."""
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE)
    (review,) = talk.ada.reviews.list(talk.pull)
    talk.forget()
    with pytest.raises(pullbridge.Unsupported, match="bot"):
        talk.ada.reviews.dismiss(talk.pull, review, "No.")
    assert talk.sent() == []


def test_what_has_no_place_keeps_nothing_back(talk: Talk) -> None:
    """Neither what is known before nor what GitLab refuses; the texts are kept."""
    drafts = [
        DraftComment("one", at=HERE),
        DraftComment("nowhere", at=Anchor.line("no/such", 1)),
        DraftComment("too far", at=Anchor.line(EDGE, 400)),
        DraftComment("two", at=Anchor.line(EDGE, 20, side=Side.OLD)),
    ]
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, comments=drafts)
    assert [each.value for each in statuses(receipt)] == ["posted", "unplaceable", "unplaceable", "posted"]
    assert [each.error.text for each in receipt.outcomes if each.error] == ["nowhere", "too far"]
    assert receipt.verdict.status is OutcomeStatus.POSTED
    assert sorted(bodies(talk)) == ["one", "two"]


def test_nothing_up_is_an_error(talk: Talk) -> None:
    """With all texts in it."""
    with pytest.raises(pullbridge.Unplaceable) as caught:
        talk.grace.reviews.submit(
            talk.pull, Verdict.COMMENT, comments=[DraftComment("too far", at=Anchor.line(EDGE, 400))]
        )
    assert caught.value.receipt is not None
    assert statuses(caught.value.receipt) == [OutcomeStatus.UNPLACEABLE]


def test_lost_answers_are_looked_up_one_by_one(talk: Talk) -> None:
    """Among thirty; nothing is up twice."""
    talk.grace.pulls.panel(talk.pull)
    talk.lab.forge.gitlab.behave(cut="after", method="POST", path="*/discussions", times=3)
    talk.lab.forge.gitlab.behave(cut="after", method="POST", path="*/1/notes", times=1)
    talk.lab.forge.gitlab.behave(cut="before", method="POST", path="*/discussions", times=2)
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "A few things.", DRAFTS)
    assert receipt.complete
    assert sorted(bodies(talk)) == sorted(["A few things.", *(each.body for each in DRAFTS)])


def test_equal_comments_are_counted(talk: Talk) -> None:
    """Two of one text at one place are two, whichever answer is lost."""
    talk.lab.forge.gitlab.behave(cut="after", method="POST", path="*/discussions", times=1)
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, comments=[DraftComment("Hm.", at=HERE)] * 2)
    assert receipt.complete
    assert bodies(talk) == ["Hm.", "Hm."]
    assert len({each.comment.id for each in receipt.outcomes if each.comment}) == 2


@pytest.mark.parametrize("path", ["*/approve", "*/graphql"])
def test_a_verdict_whose_answer_is_lost_stands(talk: Talk, path: str) -> None:
    """It is a state, which may be set again."""
    verdict = Verdict.APPROVE if path == "*/approve" else Verdict.REQUEST_CHANGES
    talk.grace.reviews.list(talk.pull)
    talk.lab.forge.gitlab.behave(cut="after", method="POST", path=path, times=1)
    assert talk.grace.reviews.submit(talk.pull, verdict, "All in all.").complete
    assert len(talk.ada.reviews.list(talk.pull)) == 1
    assert bodies(talk) == ["All in all."]


def test_a_flood_limit_says_what_is_up(talk: Talk) -> None:
    """Sixty notes a minute: the rest is not tried, nor is the verdict, and a second run posts just those."""
    talk.grace.pulls.panel(talk.pull)
    limit = {"message": {"error": "This endpoint has been requested too many times. Try again later."}}
    fault = Fault(
        method="POST",
        path="*/discussions",
        containing="Comment 2",
        status=429,
        headers={"Retry-After": "60"},
        body=json.dumps(limit).encode(),
    )
    talk.lab.forge.gitlab.add_fault(fault)
    receipt = talk.grace.within(deadline=20).reviews.submit(talk.pull, Verdict.APPROVE, "Text.", DRAFTS)
    late = [each for each in receipt.outcomes if each.status is not OutcomeStatus.POSTED]
    assert {each.status for each in late} == {OutcomeStatus.NOT_TRIED}
    assert {type(each.error) for each in late} <= {pullbridge.RateLimited, pullbridge.DeadlineExceeded}
    assert late[0].error is not None
    assert late[0].error.text is not None
    assert receipt.verdict.status is OutcomeStatus.NOT_TRIED
    assert talk.ada.reviews.list(talk.pull) == ()
    talk.lab.forge.gitlab.behave()
    up = {each.draft.body for each in receipt.outcomes if each not in late and each.draft}
    assert set(bodies(talk)) - {"Text."} == up


def test_a_review_goes_on_where_it_stopped(talk: Talk) -> None:
    """From its JSON, in another process: what is up is not posted again, and the verdict is given in the end."""
    talk.lab.forge.gitlab.behave(status=403, method="POST", path="*/approve", times=1)
    talk.lab.forge.gitlab.behave(status=403, method="POST", path="*/discussions", times=1)
    drafts = [DraftComment("one", at=HERE), DraftComment("two", at=Anchor.line(NEW, 1))]
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, "All in all.", drafts)
    assert sorted(each.value for each in statuses(receipt)) == ["posted", "rejected"]
    assert not receipt.complete
    again = talk.grace.reviews.resume(ReviewReceipt.from_json(receipt.to_json()))
    assert again.complete
    assert sorted(bodies(talk)) == ["All in all.", "one", "two"]
    assert [each.state for each in talk.ada.reviews.list(talk.pull)] == [ReviewState.APPROVED]


@pytest.mark.parametrize("verdict", Verdict)
def test_a_second_run_posts_nothing_twice(talk: Talk, verdict: Verdict) -> None:
    """Comments, text and verdict are there already."""
    drafts = [DraftComment("one", at=Anchor.lines(EDGE, 19, 21)), DraftComment("two"), DraftComment("two")]
    talk.grace.reviews.submit(talk.pull, verdict, "All in all.", drafts).raise_if_incomplete()
    talk.forget()
    again = talk.grace.reviews.submit(talk.pull, verdict, "All in all.", drafts, skip_existing=True)
    assert set(statuses(again)) == {OutcomeStatus.ALREADY_THERE}
    assert again.verdict.status is OutcomeStatus.ALREADY_THERE
    assert [
        each for each in talk.sent() if not each.startswith(("GET", "POST /graphql")) and "graphql" not in each
    ] == []


def test_a_broken_run_is_completed(talk: Talk) -> None:
    """What is missing is posted: a comment, and the verdict; the text is there."""
    talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "All in all.", [DraftComment("one", at=HERE)])
    drafts = [DraftComment("one", at=HERE), DraftComment("two", at=HERE)]
    receipt = talk.grace.reviews.submit(talk.pull, Verdict.APPROVE, "All in all.", drafts, skip_existing=True)
    assert [each.value for each in statuses(receipt)] == ["already there", "posted"]
    assert receipt.verdict.status is OutcomeStatus.POSTED
    assert sorted(bodies(talk)) == ["All in all.", "one", "two"]


@pytest.mark.parametrize(
    ("on_moved", "line", "status"),
    [(None, 23, OutcomeStatus.POSTED), ("there", 23, OutcomeStatus.POSTED), ("carry", 23, OutcomeStatus.CARRIED)],
)
def test_anchors_on_an_older_head(talk: Talk, on_moved: str | None, line: int, status: OutcomeStatus) -> None:
    """There, from where GitLab moves it along, or carried."""
    at = Anchor.line(EDGE, 20, commit=talk.head)
    talk.push()
    receipt = talk.grace.reviews.submit(
        talk.pull, Verdict.COMMENT, comments=[DraftComment("Hm.", at=at)], on_moved=on_moved
    )
    assert statuses(receipt) == [status]
    anchor = talk.only().anchor
    assert anchor is not None
    assert anchor.end == line


def test_anchors_on_an_older_head_may_be_refused(talk: Talk) -> None:
    """Nothing is posted."""
    at = Anchor.line(EDGE, 20, commit=talk.head)
    talk.push()
    drafts: Sequence[DraftComment] = [DraftComment("Hm.", at=at)]
    with pytest.raises(pullbridge.Stale):
        talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, comments=drafts, on_moved="refuse")
    assert bodies(talk) == []


def test_approvals_say_when(lab: Lab, talk: Talk) -> None:
    """In their order."""
    lab.forge.gitlab.knobs.author_approves = True
    talk.grace.reviews.submit(talk.pull, Verdict.APPROVE)
    lab.as_("ada").reviews.submit(talk.pull, Verdict.APPROVE)
    found = talk.ada.reviews.list(talk.pull)
    assert [each.author.handle for each in found] == ["grace", "ada"]
    assert all(each.submitted_at is not None for each in found)


def test_progress_is_told(talk: Talk) -> None:
    """From nothing to all."""
    told: list[tuple[int, int]] = []
    talk.grace.reviews.submit(
        talk.pull, Verdict.COMMENT, comments=DRAFTS[:3], on_progress=lambda done, of: told.append((done, of))
    )
    assert (told[0], told[-1]) == ((0, 3), (3, 3))


def test_a_verdict_is_somebodys(talk: Talk) -> None:
    """A credential that is not told whose it is gives none, and takes none back."""
    talk.lab.forge.gitlab.behave(status=403, path="*/user")
    for call in (
        lambda: talk.grace.reviews.submit(talk.pull, Verdict.APPROVE),
        lambda: talk.grace.reviews.withdraw(talk.pull),
    ):
        with pytest.raises(pullbridge.SignInNeeded, match="does not tell this credential"):
            call()
    assert talk.written() == []


def test_a_text_alone_that_gitlab_took_for_a_command_is_not_up(talk: Talk) -> None:
    """By a name that is not known here."""
    answer = {"commands_changes": {}, "summary": ["Done."]}
    talk.lab.forge.gitlab.add_fault(Fault(method="POST", path="*/notes", status=202, body=json.dumps(answer).encode()))
    with pytest.raises(pullbridge.Rejected, match="posted nothing"):
        talk.grace.reviews.submit(talk.pull, Verdict.COMMENT, "/dance")


def test_a_verdict_that_fails_while_the_comments_are_up_may_be_given_later(talk: Talk) -> None:
    """The host is down for that one request: the receipt can go on."""
    talk.lab.forge.gitlab.behave(status=500, method="POST", path="*/approve")
    receipt = talk.grace.within(deadline=3).reviews.submit(talk.pull, Verdict.APPROVE, "Text.", DRAFTS[:2])
    assert statuses(receipt) == [OutcomeStatus.POSTED] * 2
    assert receipt.verdict.status is not OutcomeStatus.POSTED
    talk.lab.forge.gitlab.behave()
    assert talk.grace.reviews.resume(receipt).complete
    assert sorted(bodies(talk)) == ["Comment 1", "Comment 2", "Text."]
