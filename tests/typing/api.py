"""The public names as a caller's type checker sees them. Checked by mypy (`make types`), never run.

A change that breaks this file breaks the code of those who use the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, assert_type

import pullbridge
from pullbridge import (
    Ambient,
    Anchor,
    Anonymous,
    Answer,
    AnswerState,
    Basic,
    BridgeError,
    Budget,
    Can,
    Cancel,
    Capabilities,
    Check,
    CheckState,
    Comment,
    Commit,
    Comparison,
    Credentials,
    DraftComment,
    FileChange,
    Host,
    Limits,
    Listing,
    Mergeability,
    MergeMethod,
    MergeReceipt,
    MergeState,
    Outcome,
    OutcomeStatus,
    Panel,
    Person,
    PlacedThread,
    Placement,
    PlacementReason,
    PlaceStatus,
    Pull,
    PullRef,
    PullState,
    RepoRef,
    Repository,
    Review,
    Reviewer,
    ReviewReceipt,
    Role,
    Rollup,
    Settings,
    Side,
    Thread,
    Token,
    Verdict,
)


class Keyring:
    """Credentials of one's own need no base class."""

    def current(self) -> Token | Basic | None:
        return Token("x")

    def refresh(self) -> Token | Basic | None:
        return None


def entry() -> None:
    """What one begins with."""
    with pullbridge.connect("https://github.com/octo/app") as repo:
        assert_type(repo, Repository)
    with pullbridge.open_host("https://github.com", settings=Settings(timeout=5)) as host:
        assert_type(host, Host)
        assert_type(pullbridge.inbox([host], role=Role.REVIEWER), Iterator[Pull])
    assert_type(pullbridge.parse("https://github.com/octo/app"), RepoRef | PullRef)
    assert_type(pullbridge.same_commit("a", None), bool)
    every: list[Credentials] = [Token("x"), Basic("a", "b"), Anonymous(), Ambient(), Keyring()]
    for each in every:
        pullbridge.connect(RepoRef(web="https://github.com", path="octo/app"), credentials=each)
    pullbridge.connect("x", Token("y"))  # type: ignore[call-arg]  # only by keyword


def pulls(repo: Repository, moment: datetime) -> None:
    """The decorated verbs keep their signatures."""
    assert_type(repo.pulls.list(), Listing[Pull])
    assert_type(repo.pulls.list(states={PullState.OPEN}, labels=["bug"], updated_since=moment, limit=5), Listing[Pull])
    assert_type([pull.title for pull in repo.pulls.list()], list[str])
    assert_type(repo.pulls.list().first(), Pull | None)
    assert_type(repo.pulls.list().complete, bool | None)
    assert_type(repo.pulls.list().stopped, str | None)
    assert_type(repo.pulls.list().cursor, str | None)
    pull = repo.pulls.get(7)
    assert_type(pull, Pull)
    assert_type(repo.pulls.get(pull), Pull)
    assert_type(repo.pulls.get(pull.ref), Pull)
    assert_type(repo.pulls.find(source="fix"), Pull | None)
    assert_type(repo.pulls.create(title="t", source="fix", target="main", draft=True, if_exists="return"), Pull)
    assert_type(repo.pulls.edit(pull, title="t", milestone=None), Pull)
    assert_type(repo.pulls.close(pull), Pull)
    assert_type(repo.pulls.set_draft(pull, True), Pull)
    assert_type(repo.pulls.mergeability(pull, wait=5), Mergeability)
    assert_type(repo.pulls.merge(pull, method=MergeMethod.SQUASH, expect_head="c0ffee"), MergeReceipt)
    assert_type(repo.pulls.commits(pull), tuple[Commit, ...])
    assert_type(repo.pulls.panel(pull), Panel)
    assert_type(repo.files.list(pull), Listing[FileChange])
    assert_type(repo.files.diff(pull), str)
    assert_type(repo.files.content("a", at="main"), bytes)
    assert_type(repo.files.compare("a", "b"), Comparison)
    repo.pulls.get("7")  # type: ignore[arg-type]  # a number is a number
    repo.pulls.list(state=PullState.OPEN)  # type: ignore[call-arg]  # there is no such filter
    repo.pulls.create(title="t", source="fix")  # type: ignore[call-arg]  # a target is needed
    repo.pulls.create(title="t", source="a", target="b", if_exists="ignore")  # type: ignore[arg-type]  # not a choice
    repo.pulls.no_such_verb()  # type: ignore[attr-defined]  # that is the point


def conversations(repo: Repository, pull: Pull) -> None:
    """Threads, reviews, people."""
    at = Anchor.lines("a", 1, 2, side=Side.OLD)
    thread = repo.threads.start(pull, "body", at=at, skip_existing=True)
    assert_type(thread, Thread)
    assert_type(repo.threads.list(pull), tuple[Thread, ...])
    assert_type(thread.comments, tuple[Comment, ...])
    assert_type(thread.anchor, Anchor | None)
    assert_type(thread.resolved, bool | None)
    assert_type(repo.threads.reply(pull, thread, "body"), Comment)
    assert_type(repo.threads.edit(pull, thread.comments[0], "body"), Comment)
    assert_type(repo.threads.resolve(pull, thread.id), Thread)
    assert_type(repo.threads.placement(pull, at), Placement)
    assert_type(repo.threads.placement(pull, at).reason, PlacementReason | None)
    assert_type(repo.threads.in_file(pull, "a.py", "text"), tuple[PlacedThread, ...])
    assert_type(repo.threads.in_file(pull, "a.py", b"bytes")[0].place.status, PlaceStatus)
    assert_type(repo.threads.start_at_buffer(pull, "a.py", "text", start=1, end=2, body="x"), Thread)
    receipt = repo.reviews.submit(pull, verdict=Verdict.APPROVE, comments=[DraftComment("x", at=at)], on_moved="carry")
    assert_type(receipt, ReviewReceipt)
    assert_type(receipt.outcomes, tuple[Outcome, ...])
    assert_type(receipt.outcomes[0].status, OutcomeStatus)
    assert_type(receipt.outcomes[0].error, BridgeError | None)
    assert_type(receipt.complete, bool)
    assert_type(repo.reviews.resume(receipt), ReviewReceipt)
    assert_type(ReviewReceipt.from_json(receipt.to_json()), ReviewReceipt)
    assert_type(DraftComment.from_json("{}"), DraftComment)
    assert_type(repo.reviews.list(pull), tuple[Review, ...])
    assert_type(repo.reviewers.request(pull, ["ada", "org/team"]), tuple[Reviewer, ...])
    DraftComment("x", at)  # type: ignore[call-arg]  # only the body by position
    Anchor("a")  # type: ignore[call-arg]  # only by keyword; `Anchor.file` by position
    repo.threads.delete(pull)  # type: ignore[call-arg]  # which one?


def machines(repo: Repository, pull: Pull) -> None:
    """Checks and what can be done."""
    assert_type(repo.checks.list(pull), tuple[Check, ...])
    assert_type(repo.checks.rollup(pull), Rollup)
    assert_type(repo.checks.rollup(pull).by_state, Mapping[CheckState, int])
    assert_type(repo.checks.report("c0ffee", "tests", CheckState.SUCCESS), Check)
    assert_type(repo.can, Capabilities)
    assert_type(repo.can[Can.MERGE], Answer)
    assert_type(repo.can[Can.MERGE].state, AnswerState)
    assert_type(Can.MERGE in repo.can, bool)
    assert_type(repo.probe(), Capabilities)
    assert_type(repo.limits, Limits)
    assert_type(repo.budget, Budget)
    assert_type(repo.native, Any)
    assert_type(repo.within(deadline=5, cancel=Cancel()), Repository)
    assert_type(repo.permalink("a", 1, 2, "c0ffee"), str)
    repo.close()


def host(host: Host) -> None:
    """One host."""
    assert_type(host.viewer(), Person)
    assert_type(host.version(), str | None)
    assert_type(host.repository("octo/app"), Repository)
    assert_type(host.inbox(Role.AUTHOR), Listing[Pull])
    assert_type(host.search("is:open"), Listing[Pull])


def failures(repo: Repository) -> tuple[Any, ...]:
    """Each error has its own data."""
    try:
        repo.pulls.merge(7)
    except pullbridge.Stale as error:
        return error.expected, error.found
    except pullbridge.ScopeMissing as error:
        assert_type(error.needed, tuple[str, ...])
        assert_type(error.granted, tuple[str, ...] | None)
    except pullbridge.RateLimited as error:
        assert_type(error.resets_at, datetime | None)
    except pullbridge.Unplaceable as error:
        assert_type(error.nearest, Anchor | None)
    except pullbridge.Unsupported as error:
        assert_type(error.can, Can | None)
    except BridgeError as error:
        assert_type(error.retryable, bool)
        assert_type(error.maybe_done, bool)
        assert_type(error.text, str | None)
        assert_type(error.receipt, ReviewReceipt | None)
        assert_type(error.host, str | None)
    return ()


def states(receipt: MergeReceipt, pull: Pull) -> str:
    """Closed sets can be matched to the end: a new member shows itself here."""
    match pull.state:
        case PullState.OPEN | PullState.CLOSED | PullState.MERGED:
            pass
    match receipt.state:
        case MergeState.MERGED:
            return "done"
        case MergeState.QUEUED | MergeState.WAITING:
            return "later"


def as_functions(repo: Repository) -> None:
    """A verb is a method like any other: it can be handed on with its types."""
    get: Callable[[int], Pull] = repo.pulls.get
    assert_type(get(7), Pull)
    assert_type([each.number for each in map(repo.pulls.get, [1, 2])], list[int])
