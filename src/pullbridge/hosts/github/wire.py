"""Between GitHub's payloads and the neutral values: pure, and forgiving towards words that GitHub adds later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pullbridge.hosts.github import payloads
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.checks import Check, CheckState, newest_of_each
from pullbridge.model.diff import ChangeKind, Commit, Comparison, FileChange
from pullbridge.model.merge import Mergeability, MergeabilityState
from pullbridge.model.people import GHOST, Label, Milestone, Person, PersonKind, Reaction
from pullbridge.model.pulls import Branch, Pull, PullState
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.reviews import Review, Reviewer, ReviewState, Verdict
from pullbridge.model.threads import Comment, CommentState, Thread

#: Marks the ids of comments on the conversation, which other calls serve than those of comments on the diff.
GENERAL = "general:"

EVENTS = {Verdict.APPROVE: "APPROVE", Verdict.REQUEST_CHANGES: "REQUEST_CHANGES", Verdict.COMMENT: "COMMENT"}
SIDES = {Side.NEW: "RIGHT", Side.OLD: "LEFT"}

# People --------------------------------------------------------------------------------------------------------------

_KINDS = {"Bot": PersonKind.BOT, "Team": PersonKind.TEAM}


def person(user: payloads.RestUser | payloads.GraphActor | None) -> Person:
    """An account; `GHOST` for one that was deleted."""
    if user is None or not user.login or user.login == "ghost":
        return GHOST
    rest = isinstance(user, payloads.RestUser)
    number = user.id if isinstance(user, payloads.RestUser) else user.database_id
    kind = _KINDS.get((user.type if isinstance(user, payloads.RestUser) else user.typename) or "", PersonKind.USER)
    # GraphQL leaves out the suffix that REST and mentions have: https://github.com/cli/cli/issues/5812
    bare_bot = kind is PersonKind.BOT and not rest and not user.login.endswith("[bot]")
    return Person(
        id=str(number) if number is not None else user.login,
        handle=f"{user.login}[bot]" if bare_bot else user.login,
        name=user.name,
        kind=kind,
        avatar_url=user.avatar_url,
        url=user.html_url if isinstance(user, payloads.RestUser) else user.url,
    )


def known(user: payloads.RestUser | payloads.GraphActor | None) -> Person | None:
    """An account, where the host named one; `None` where nobody has done it (yet)."""
    return None if user is None else person(user)


def people(users: Iterable[payloads.RestUser | payloads.GraphActor]) -> tuple[Person, ...]:
    return tuple(person(user) for user in users)


def team(payload: payloads.RestTeam | payloads.GraphActor) -> Person:
    slug = payload.slug or "team"
    number = payload.id if isinstance(payload, payloads.RestTeam) else payload.database_id
    handle = payload.combined_slug if isinstance(payload, payloads.GraphActor) else None
    return Person(
        id=str(number) if number is not None else slug,
        handle=handle or slug,
        name=payload.name,
        kind=PersonKind.TEAM,
        url=payload.html_url if isinstance(payload, payloads.RestTeam) else payload.url,
    )


# Pull requests -------------------------------------------------------------------------------------------------------

_STATES = {"open": PullState.OPEN, "closed": PullState.CLOSED, "merged": PullState.MERGED}


def _state(raw: str, merged_at: datetime | None) -> PullState:
    """REST knows no "merged"; an unknown word counts as open, and is kept in `raw_state`."""
    return PullState.MERGED if merged_at else _STATES.get(raw.lower(), PullState.OPEN)


def repository(ref: RepoRef, path: str | None) -> RepoRef | None:
    """A repository on the same host; `None` for a fork that is gone."""
    return None if not path else RepoRef(web=ref.web, path=path, kind=ref.kind)


def pull(payload: payloads.RestPull, ref: RepoRef) -> Pull:
    """A pull request from REST; rows of a list leave the counts out."""
    home = repository(ref, payload.base.repo.full_name if payload.base.repo else None) or ref
    return Pull(
        ref=PullRef(repository=home, number=payload.number),
        number=payload.number,
        title=payload.title,
        body=payload.body or "",
        state=_state(payload.state, payload.merged_at),
        raw_state=payload.state,
        draft=payload.draft,
        author=person(payload.user),
        source=_end(payload.head, ref),
        target=_end(payload.base, ref),
        reviewers=_asked(payload),
        assignees=None if payload.assignees is None else people(payload.assignees),
        labels=None if payload.labels is None else _labels(payload.labels),
        milestone=_milestone(payload.milestone),
        created_at=moment(payload.created_at),
        updated_at=moment(payload.updated_at),
        closed_at=moment(payload.closed_at),
        merged_at=moment(payload.merged_at),
        merged_by=known(payload.merged_by),
        # Until the merge, this is the test merge that mergeability was computed with.
        merge_commit=payload.merge_commit_sha if payload.merged_at else None,
        auto_merge=payload.auto_merge is not None,
        locked=payload.locked,
        comment_count=_sum(payload.comments, payload.review_comments),
        commit_count=payload.commits,
        file_count=payload.changed_files,
        additions=payload.additions,
        deletions=payload.deletions,
        url=payload.html_url,
    )


def _end(end: payloads.RestEnd, ref: RepoRef) -> Branch:
    return Branch(name=end.ref, commit=end.sha, repository=repository(ref, end.repo.full_name if end.repo else None))


def _asked(payload: payloads.RestPull) -> tuple[Person, ...] | None:
    if payload.requested_reviewers is None:
        return None
    return people(payload.requested_reviewers) + tuple(team(each) for each in payload.requested_teams or ())


def _labels(labels: Iterable[payloads.RestLabel | payloads.GraphLabel]) -> tuple[Label, ...]:
    return tuple(Label(name=each.name or "", color=each.color, description=each.description) for each in labels)


def _milestone(payload: payloads.RestMilestone | payloads.GraphMilestone | None) -> Milestone | None:
    if payload is None:
        return None
    state = payload.state.lower() if payload.state else None
    return Milestone(
        id=str(payload.number),
        title=payload.title,
        open=None if state is None else state == "open",
        due_at=moment(payload.due_on),
    )


def _sum(*counts: int | None) -> int | None:
    told = [count for count in counts if count is not None]
    return sum(told) if told else None


def graph_pull(payload: payloads.GraphPull, ref: RepoRef) -> Pull:
    """A pull request from GraphQL."""
    home = repository(ref, payload.base_repository.name_with_owner if payload.base_repository else None) or ref
    fork = payload.head_repository.name_with_owner if payload.head_repository else None
    requests = [r.requested_reviewer for r in _items(payload.review_requests) if r.requested_reviewer]
    return Pull(
        ref=PullRef(repository=home, number=payload.number),
        number=payload.number,
        title=payload.title,
        body=payload.body or "",
        state=_state(payload.state, payload.merged_at),
        raw_state=payload.state,
        draft=payload.is_draft,
        author=person(payload.author),
        source=Branch(name=payload.head_ref_name, commit=payload.head_ref_oid, repository=repository(ref, fork)),
        target=Branch(name=payload.base_ref_name, commit=payload.base_ref_oid, repository=home),
        reviewers=None if payload.review_requests is None else tuple(_requested(each) for each in requests),
        assignees=None if payload.assignees is None else people(payload.assignees.items),
        labels=None if payload.labels is None else _labels(payload.labels.items),
        milestone=_milestone(payload.milestone),
        created_at=moment(payload.created_at),
        updated_at=moment(payload.updated_at),
        closed_at=moment(payload.closed_at),
        merged_at=moment(payload.merged_at),
        merged_by=known(payload.merged_by),
        merge_commit=payload.merge_commit.oid if payload.merge_commit and payload.merged_at else None,
        auto_merge=payload.auto_merge_request is not None,
        locked=payload.locked,
        subscribed=None if payload.viewer_subscription is None else payload.viewer_subscription == "SUBSCRIBED",
        comment_count=payload.total_comments_count,
        commit_count=payload.commit_total.total_count if payload.commit_total else None,
        file_count=payload.changed_files,
        additions=payload.additions,
        deletions=payload.deletions,
        checks=_rollup_state(payload.rollup_state),
        url=payload.url,
    )


def _requested(actor: payloads.GraphActor) -> Person:
    return team(actor) if actor.typename == "Team" else person(actor)


def _items(connection: payloads.Connection[Any] | None) -> list[Any]:
    return [] if connection is None else connection.items


# Merging -------------------------------------------------------------------------------------------------------------

#: https://docs.github.com/en/graphql/reference/enums#mergestatestatus
_MERGE_STATES = {
    "BEHIND": MergeabilityState.BEHIND,
    "BLOCKED": MergeabilityState.BLOCKED,
    "CLEAN": MergeabilityState.READY,
    "DIRTY": MergeabilityState.CONFLICTS,
    "DRAFT": MergeabilityState.DRAFT,
    "HAS_HOOKS": MergeabilityState.READY,
    "UNKNOWN": MergeabilityState.CHECKING,
    "UNSTABLE": MergeabilityState.READY,
}
_MERGE_REASONS = {
    MergeabilityState.BEHIND: "the source branch is behind the target and must be updated first",
    MergeabilityState.CONFLICTS: "the branches conflict",
    MergeabilityState.DRAFT: "it is a draft",
    MergeabilityState.CLOSED: "it is not open",
    MergeabilityState.CHECKING: "GitHub is still computing it",
}
_DECISIONS = {
    "REVIEW_REQUIRED": "an approving review is required",
    "CHANGES_REQUESTED": "a reviewer has requested changes",
}


def mergeability(payload: payloads.GraphMergeability | payloads.GraphFullPull) -> Mergeability:
    """One state out of GitHub's four fields. `UNSTABLE` is mergeable: what fails there is not required."""
    status, raw = payload.merge_state_status, payload.merge_state_status or payload.mergeable
    if payload.state is not None and payload.state != "OPEN":
        state = MergeabilityState.CLOSED
    elif payload.mergeable == "CONFLICTING":
        state = MergeabilityState.CONFLICTS
    elif payload.is_draft:
        state = MergeabilityState.DRAFT
    elif payload.mergeable == "UNKNOWN":
        state = MergeabilityState.CHECKING
    else:
        state = _MERGE_STATES.get(status or "", MergeabilityState.UNKNOWN)
    return Mergeability(state=state, reasons=tuple(_merge_reasons(state, status, payload.review_decision)), raw=raw)


def _merge_reasons(state: MergeabilityState, status: str | None, decision: str | None) -> Iterable[str]:
    if state in _MERGE_REASONS:
        yield _MERGE_REASONS[state]
    if state is MergeabilityState.BLOCKED:
        yield _DECISIONS.get(decision or "", "a required check or another rule of the target branch is not met")
    if status == "UNSTABLE" and state is MergeabilityState.READY:
        yield "a check that is not required has not passed"


# Files and commits ---------------------------------------------------------------------------------------------------

_CHANGES = {kind.value: kind for kind in ChangeKind}


def file_change(payload: payloads.RestFile, viewed: bool | None = None) -> FileChange:
    """A changed file. A missing or short patch of a file with changed lines is said as `truncated`."""
    additions, deletions = payload.additions or 0, payload.deletions or 0
    patch = payload.patch
    shown = (0, 0) if patch is None else (patch.count("\n+"), patch.count("\n-"))
    changed = additions + deletions or payload.changes or 0
    return FileChange(
        path=payload.filename,
        old_path=payload.previous_filename,
        kind=_CHANGES.get(payload.status or "", ChangeKind.UNKNOWN),
        additions=payload.additions,
        deletions=payload.deletions,
        patch=patch,
        binary=False if patch is not None or changed else None,
        truncated=changed > 0 and (shown[0] < additions or shown[1] < deletions or patch is None),
        viewed=viewed,
    )


def head_of(payload: payloads.RestFile) -> str | None:
    """The head commit that a row of changed files was read at: the `ref` of its `contents_url`."""
    if payload.contents_url is None:
        return None
    try:
        values = parse_qs(urlsplit(payload.contents_url).query).get("ref")
    except ValueError:
        return None
    return values[0] if values else None


def viewed(payload: payloads.GraphViewedFile) -> bool | None:
    """`DISMISSED` is a file that changed after it was viewed: not viewed any more."""
    return None if payload.viewer_viewed_state is None else payload.viewer_viewed_state == "VIEWED"


def commit(payload: payloads.RestCommit) -> Commit:
    git, author = payload.commit, payload.author
    return Commit(
        id=payload.sha,
        title=git.message.partition("\n")[0],
        message=git.message,
        author=person(author) if author is not None and author.login else None,
        author_name=git.author.name if git.author else None,
        author_email=git.author.email if git.author else None,
        authored_at=moment(git.author.date) if git.author else None,
        committed_at=moment(git.committer.date) if git.committer else None,
        parents=tuple(parent.sha for parent in payload.parents),
        url=payload.html_url,
    )


def graph_commit(payload: payloads.GraphCommit) -> Commit:
    author = payload.author
    return Commit(
        id=payload.oid,
        title=payload.message.partition("\n")[0] or payload.message_headline,
        message=payload.message,
        author=known(author.user) if author else None,
        author_name=author.name if author else None,
        author_email=author.email if author else None,
        authored_at=moment(payload.authored_date),
        committed_at=moment(payload.committed_date),
        parents=tuple(parent.oid for parent in _items(payload.parents)),
        url=payload.url,
    )


def comparison(payload: payloads.RestComparison, base: str, head: str) -> Comparison:
    commits, files = payload.commits, payload.files or []
    return Comparison(
        base=base,
        head=head,
        merge_base=payload.merge_base_commit.sha if payload.merge_base_commit else None,
        commits=tuple(commit(each) for each in commits),
        files=tuple(file_change(each) for each in files),
        ahead_by=payload.ahead_by,
        behind_by=payload.behind_by,
        # "The response includes up to 300 files": https://docs.github.com/en/rest/commits/commits#compare-two-commits
        complete=len(files) < 300 and len(commits) >= (payload.total_commits or 0),
        url=payload.html_url,
    )


# Threads -------------------------------------------------------------------------------------------------------------


def thread(payload: payloads.GraphThread) -> Thread:
    """A conversation on the diff. Its side and lines are the thread's; comments have no side."""
    comments = payload.comments.items
    first = comments[0] if comments else None
    written = first.original_commit or first.commit if first else None
    now = first.commit if first else None
    outdated = bool(payload.is_outdated)
    is_file = payload.subject_type == "FILE"
    return Thread(
        id=payload.id,
        comments=tuple(comment(each) for each in comments),
        anchor=_place(
            payload,
            None if is_file else payload.original_line or payload.line,
            payload.original_start_line or (None if payload.original_line else payload.start_line),
            written.oid if written else None,
        ),
        current=None
        if outdated or not (is_file or payload.line)
        else _place(payload, None if is_file else payload.line, payload.start_line, now.oid if now else None),
        outdated=payload.is_outdated,
        resolved=payload.is_resolved,
        resolved_by=known(payload.resolved_by),
        can_reply=payload.viewer_can_reply,
        can_resolve=_either(payload.viewer_can_resolve, payload.viewer_can_unresolve),
        hunk=first.diff_hunk if first else None,
        complete=payload.comments.rest is None,
        url=first.url if first else None,
    )


def _place(payload: payloads.GraphThread, end: int | None, start: int | None, at: str | None) -> Anchor:
    path = payload.path or "?"
    if end is None or end < 1:
        return Anchor.file(path, commit=at)
    side = Side.OLD if payload.diff_side == "LEFT" else Side.NEW
    start_side = {"LEFT": Side.OLD, "RIGHT": Side.NEW}.get(payload.start_diff_side or "", side)
    if start is None or start < 1 or (start_side is side and start > end):
        return Anchor.line(path, end, side=side, commit=at)
    return Anchor.lines(path, start, end, side=side, start_side=start_side, commit=at)


def _either(one: bool | None, other: bool | None) -> bool | None:
    return None if one is None and other is None else bool(one or other)


def general_thread(payload: payloads.GraphComment | payloads.RestComment, mine: bool | None = None) -> Thread:
    """A comment on the conversation: a thread of its own, which cannot be answered or resolved as one."""
    said = comment(payload, general=True) if isinstance(payload, payloads.GraphComment) else rest_comment(payload, mine)
    return Thread(id=said.id, comments=(said,), can_reply=False, can_resolve=False, outdated=False, url=said.url)


def comment(payload: payloads.GraphComment, *, general: bool = False) -> Comment:
    return Comment(
        id=f"{GENERAL}{payload.id}" if general else payload.id,
        author=person(payload.author),
        body=payload.body,
        created_at=moment(payload.created_at),
        updated_at=moment(payload.updated_at),
        url=payload.url,
        reactions=reactions(payload.reaction_groups or ()),
        state=CommentState.PENDING if payload.state == "PENDING" else CommentState.PUBLISHED,
        minimized=(payload.minimized_reason or "minimized") if payload.is_minimized else None,
        mine=payload.viewer_did_author,
        review_id=payload.pull_request_review.id if payload.pull_request_review else None,
    )


def rest_comment(payload: payloads.RestComment, mine: bool | None = None) -> Comment:
    """A comment from REST; one without a path is on the conversation."""
    node = payload.node_id or str(payload.id)
    return Comment(
        id=node if payload.path else f"{GENERAL}{node}",
        author=person(payload.user),
        body=payload.body or "",
        created_at=moment(payload.created_at),
        updated_at=moment(payload.updated_at),
        url=payload.html_url,
        mine=mine,
        review_id=None if payload.pull_request_review_id is None else str(payload.pull_request_review_id),
    )


def reactions(groups: Iterable[payloads.GraphReaction]) -> tuple[Reaction, ...]:
    counted = ((group, group.reactors.total_count if group.reactors else None) for group in groups)
    return tuple(
        Reaction(name=group.content, count=count, mine=group.viewer_has_reacted) for group, count in counted if count
    )


# Reviews and reviewers -----------------------------------------------------------------------------------------------

#: https://docs.github.com/en/graphql/reference/enums#pullrequestreviewstate
_REVIEW_STATES = {
    "PENDING": ReviewState.STARTED,
    "COMMENTED": ReviewState.COMMENTED,
    "APPROVED": ReviewState.APPROVED,
    "CHANGES_REQUESTED": ReviewState.CHANGES_REQUESTED,
    "DISMISSED": ReviewState.DISMISSED,
}


def review(payload: payloads.GraphReview) -> Review:
    return Review(
        id=payload.id,
        author=person(payload.author),
        state=_REVIEW_STATES.get(payload.state or "", ReviewState.COMMENTED),
        raw_state=payload.state,
        body=payload.body or "",
        commit=payload.commit.oid if payload.commit else None,
        submitted_at=moment(payload.submitted_at),
        url=payload.url,
        mine=payload.viewer_did_author,
    )


def reviewers(payload: payloads.GraphFullPull) -> tuple[Reviewer, ...]:
    """Who was asked and who has reviewed: GitHub takes a person off its list of requests once they have.

    A new request puts them back to `REQUESTED`. The pull request's author is no reviewer, though they may comment.
    """
    standing: dict[str, Reviewer] = {}
    author = person(payload.author)
    said = [*_items(payload.reviews), *_items(payload.latest_opinionated_reviews)]
    for each in map(review, said):
        if each.author.handle != author.handle and each.state is not ReviewState.STARTED:
            before = standing.get(each.author.handle)
            if before is None or each.state is not ReviewState.COMMENTED:
                standing[each.author.handle] = Reviewer(person=each.author, state=each.state)
    for request in _items(payload.review_requests):
        if request.requested_reviewer is not None:
            asked = _requested(request.requested_reviewer)
            standing[asked.handle] = Reviewer(
                person=asked, state=ReviewState.REQUESTED, required=request.as_code_owner or None
            )
    return tuple(standing.values())


# Checks --------------------------------------------------------------------------------------------------------------

#: https://docs.github.com/en/graphql/reference/enums#checkconclusionstate
_CONCLUSIONS = {
    "SUCCESS": CheckState.SUCCESS,
    "FAILURE": CheckState.FAILURE,
    "NEUTRAL": CheckState.NEUTRAL,
    "CANCELLED": CheckState.CANCELLED,
    "SKIPPED": CheckState.SKIPPED,
    "TIMED_OUT": CheckState.ERROR,
    "STARTUP_FAILURE": CheckState.ERROR,
    "ACTION_REQUIRED": CheckState.ACTION_REQUIRED,
}
#: https://docs.github.com/en/graphql/reference/enums#checkstatusstate
_RUNNING = {
    "QUEUED": CheckState.PENDING,
    "PENDING": CheckState.PENDING,
    "REQUESTED": CheckState.PENDING,
    "WAITING": CheckState.PENDING,
    "IN_PROGRESS": CheckState.RUNNING,
}
#: https://docs.github.com/en/graphql/reference/enums#statusstate
_STATUSES = {
    "SUCCESS": CheckState.SUCCESS,
    "FAILURE": CheckState.FAILURE,
    "ERROR": CheckState.ERROR,
    "PENDING": CheckState.PENDING,
    "EXPECTED": CheckState.PENDING,
}
STATUS_WORDS = {
    CheckState.SUCCESS: "success",
    CheckState.FAILURE: "failure",
    CheckState.ERROR: "error",
    CheckState.PENDING: "pending",
    CheckState.RUNNING: "pending",
}


def checks(rollup: payloads.GraphRollup | None, more: Iterable[payloads.GraphContext] = ()) -> tuple[Check, ...]:
    """Check runs and commit statuses together; of several runs with one name, the newest."""
    contexts = [*_items(rollup.contexts if rollup else None), *more]
    return newest_of_each(
        tuple(_check_run(each) if each.typename == "CheckRun" else _status(each) for each in contexts)
    )


def _check_run(payload: payloads.GraphContext) -> Check:
    if payload.status == "COMPLETED" or payload.conclusion:
        raw, state = payload.conclusion, _CONCLUSIONS.get(payload.conclusion or "", CheckState.UNKNOWN)
    else:
        raw, state = payload.status, _RUNNING.get(payload.status or "", CheckState.UNKNOWN)
    app = payload.check_suite.app if payload.check_suite else None
    return Check(
        name=payload.name or "",
        state=state,
        raw_state=raw,
        required=payload.is_required,
        url=payload.details_url,
        description=payload.title,
        started_at=moment(payload.started_at),
        completed_at=moment(payload.completed_at),
        source=app.name or app.slug if app else None,
    )


def _status(payload: payloads.GraphContext) -> Check:
    return Check(
        name=payload.context or payload.name or "",
        state=_STATUSES.get(payload.state or "", CheckState.UNKNOWN),
        raw_state=payload.state,
        required=payload.is_required,
        url=payload.target_url,
        description=payload.description,
        started_at=moment(payload.created_at),
        source=person(payload.creator).handle if payload.creator else None,
    )


def reported(payload: payloads.RestStatus) -> Check:
    """A commit status just written."""
    return Check(
        name=payload.context,
        state=_STATUSES.get((payload.state or "").upper(), CheckState.UNKNOWN),
        raw_state=payload.state,
        url=payload.target_url,
        description=payload.description,
        started_at=moment(payload.created_at),
        source=payload.creator.login if payload.creator else None,
    )


def _rollup_state(payload: payloads.GraphRollupState | None) -> CheckState | None:
    return None if payload is None else _STATUSES.get(payload.state or "", CheckState.UNKNOWN)


def moment(value: datetime | None) -> datetime | None:
    """An aware time; GitHub's are in UTC even where they do not say so."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
