"""A whole merge request at once: GraphQL and REST side by side, all in flight together.

GraphQL tells in one request what takes REST several, and after each other (who I am, what I may do, how reviewers stand,
the jobs of the pipeline); REST tells what GraphQL lacks. Where GraphQL tells nothing, REST is asked for its parts, too, and
what REST has no word for is a `Gap`. https://docs.gitlab.com/api/graphql/ and https://docs.gitlab.com/api/merge_requests/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import msgspec

from pullbridge.capabilities import Capabilities
from pullbridge.hosts.gapping import Gaps
from pullbridge.hosts.gitlab import (
    checks,
    files,
    merging,
    payloads,
    pending,
    people,
    queries,
    reading,
    sources,
    whoami,
    wire,
)
from pullbridge.hosts.gitlab import threads as conversations
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import about
from pullbridge.hosts.gitlab.features import Features
from pullbridge.hosts.gitlab.gating import PARTS
from pullbridge.model.checks import Check
from pullbridge.model.merge import Mergeability, MergeabilityState
from pullbridge.model.orders import Changes
from pullbridge.model.panel import Gap, Panel
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull
from pullbridge.model.refs import same_commit
from pullbridge.model.reviews import Reviewer
from pullbridge.model.threads import CommentState, Thread

T = TypeVar("T")

_CLASSIC = "use a token with the scope read_api"
_NOT_MADE = "GitLab is still making the diff of what was pushed last"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What came back of the first round."""

    seen: reading.Seen
    pull: payloads.MergeRequest
    commits: Sequence[payloads.Commit]
    discussions: Sequence[payloads.Discussion]
    drafts: Sequence[payloads.DraftNote]
    approvals: payloads.Approvals | None
    awards: dict[int, list[payloads.GraphAward]] | None
    me: Person | None
    external: Sequence[Check]
    pages: Sequence[Any]


def panel(api: RepositoryApi, features: Features, number: int, file_count: int | None) -> tuple[Panel, Changes]:
    """Read it all; `file_count` tells how many pages of files go out beside the rest (one when unknown)."""
    gaps = Gaps(api.api.signing.anonymous)
    answers = _asked(api, number, file_count, gaps)
    found = _files(api, number, answers)
    if _is_torn(answers, found, gaps) or _is_early(answers, found, gaps):
        # Somebody pushed between the answers, or the diff was made between them: all of them once more.
        gaps = Gaps(api.api.signing.anonymous)
        answers = _asked(api, number, len(found.rows), gaps)
        found = _files(api, number, answers)
    _learned(api, features, answers)
    return _built(api, features, number, answers, found, gaps)


def _asked(api: RepositoryApi, number: int, file_count: int | None, gaps: Gaps) -> _Answers:
    def rows(part: str, read: Callable[[], list[T]]) -> Callable[[], list[T]]:
        return lambda: gaps.part(part, read, [])

    commits = api.pull(number, "commits")
    thunks: list[Callable[[], Any]] = [
        lambda: reading.seen(api, queries.PANEL, number),
        lambda: merging.read(api, number),
        rows("commits", lambda: api.api.pages(commits, payloads.Commit, about(number))),
        rows("threads", lambda: conversations.discussions(api, number)),
        rows("threads", lambda: pending.mine(api, number)),
        lambda: people.approvals(api, number),
        lambda: reading.reactions(api, number),
        lambda: whoami.me(api.api),
        lambda: checks.external(api, number),
        *(rows("files", each) for each in files.thunks(api, number, file_count)),
    ]
    seen, pull, history, discussions, drafts, approvals, awards, me, external, *shown = api.api.gather(*thunks)
    if isinstance(seen.viewer, payloads.GraphUser):
        me = me or wire.graph_person(seen.viewer)
    return _Answers(
        seen=seen,
        pull=pull,
        commits=history,
        discussions=discussions,
        drafts=drafts,
        approvals=approvals,
        awards=awards,
        me=me,
        external=external,
        pages=shown,
    )


def _files(api: RepositoryApi, number: int, answers: _Answers) -> files.Found:
    stats = answers.seen.pull.diff_stats if answers.seen.pull is not None else None
    return files.completed(api, number, files.head_of(answers.pull), stats, answers.pages)


def _is_torn(answers: _Answers, found: files.Found, gaps: Gaps) -> bool:
    """Whether the answers are about different heads. A diff that is still being made differs from what git counts."""
    if not wire.is_ready(found.head):
        return False
    told = answers.seen.pull.diff_head_sha if answers.seen.pull is not None else None
    other = told is not None and answers.pull.sha is not None and not same_commit(told, answers.pull.sha)
    return other or (found.torn and not gaps.has("files"))


def _is_early(answers: _Answers, found: files.Found, gaps: Gaps) -> bool:
    """Whether the commits were answered before the diff was made, and files after it: until then there are none."""
    return bool(found.rows) and not answers.commits and not gaps.has("commits")


def _learned(api: RepositoryApi, features: Features, answers: _Answers) -> None:
    api.project_id = answers.pull.project_id or api.project_id
    api.diffs.learn(answers.pull.iid, answers.pull.diff_refs)
    features.learn_rights(answers.seen.project)
    if ("MergeRequest", "approvalState") in api.api.missing:
        features.learn_plan(premium=False)
    graph, number = answers.seen.pull, answers.pull.source_project_id
    if graph is not None and graph.source_project is not None and number is not None:
        sources.keep(api.api, number, graph.source_project.full_path)


def _built(
    api: RepositoryApi, features: Features, number: int, answers: _Answers, found: files.Found, gaps: Gaps
) -> tuple[Panel, Changes]:
    # What GraphQL did not tell, all in flight together; nothing is sent when it told everything.
    thunks: list[Callable[[], Any]] = [
        lambda: sources.pull(api, answers.pull),
        lambda: _reviewers(api, number, answers, gaps),
        lambda: _checks(api, number, answers, gaps),
    ]
    pull, reviewers, told = _at_once(api, answers, thunks)
    changes = files.of(found)
    threads = _threads(api, number, answers)
    approved = wire.approved_at(answers.approvals) if answers.approvals is not None else {}
    built = Panel(
        pull=_counted(pull, answers, found),
        commits=tuple(wire.commit(row) for row in reversed(answers.commits)),
        files=changes.files,
        threads=threads,
        reviews=wire.reviews(reviewers, approved, answers.me, bool(answers.drafts)),
        reviewers=reviewers,
        checks=(*told, *answers.external),
        mergeability=_mergeability(answers),
        viewer=answers.me,
        can=_can(features, answers),
        gaps=tuple(dict.fromkeys((*gaps.found, *_lacking(api, answers, _shown(changes, gaps), threads)))),
    )
    return built, changes


def _at_once(api: RepositoryApi, answers: _Answers, thunks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Threads are only worth their while where something is to be sent."""
    seen = answers.seen.pull
    if seen is None or seen.reviewers is None or seen.commits is None:
        return api.api.gather(*thunks)
    return [thunk() for thunk in thunks]


def _reviewers(api: RepositoryApi, number: int, answers: _Answers, gaps: Gaps) -> tuple[Reviewer, ...]:
    """Without their standing, where neither GraphQL nor REST tells it."""
    told = people.by_graphql(api, number, answers.seen)
    if told is not None:
        return told
    asked = [payloads.ReviewerRow(user=user) for user in answers.pull.reviewers or ()]
    return gaps.part("reviewers", lambda: people.by_rest(api, number), wire.reviewers(asked, answers.approvals, None))


def _checks(api: RepositoryApi, number: int, answers: _Answers, gaps: Gaps) -> tuple[Check, ...]:
    told = checks.by_graphql(api, answers.seen)
    hidden = answers.pull.head_pipeline is not None and not told
    if told is not None and not hidden:
        return told
    return gaps.part("checks", lambda: checks.by_rest(api, number), told or ())


def _threads(api: RepositoryApi, number: int, answers: _Answers) -> tuple[Thread, ...]:
    who = conversations.reader(api, number, answers.me, answers.pull.diff_refs, answers.awards)
    return wire.threads(answers.discussions, answers.drafts, who)


def _counted(pull: Pull, answers: _Answers, found: files.Found) -> Pull:
    """With the counts that only the panel has seen."""
    stats = found.stats
    return replace(
        pull,
        commit_count=len(answers.commits) or None,
        file_count=pull.file_count if pull.file_count is not None else len(found.rows),
        additions=None if stats is None else sum(each.additions for each in stats),
        deletions=None if stats is None else sum(each.deletions for each in stats),
    )


def _mergeability(answers: _Answers) -> Mergeability:
    """With the rules that are not met, where approvals are what it waits for."""
    told = wire.mergeability(answers.pull)
    state = answers.seen.pull.approval_state if answers.seen.pull is not None else None
    needed = wire.still_needed(wire.rules(state)) if answers.pull.detailed_merge_status == "not_approved" else ()
    return replace(told, reasons=needed) if needed and told.state is MergeabilityState.BLOCKED else told


def _can(features: Features, answers: _Answers) -> Capabilities:
    pull, me = answers.pull, answers.me
    author = pull.author.id if pull.author is not None else None
    return features.of_pull(
        state=pull.state,
        author=None if me is None or author is None else str(author) == me.id,
        draft=pull.is_draft,
        locked=None if pull.discussion_locked is msgspec.UNSET else bool(pull.discussion_locked),
        rights=answers.seen.pull.user_permissions if answers.seen.pull is not None else None,
    )


def _shown(changes: Changes, gaps: Gaps) -> Changes:
    """The changes; what was refused is no list that ends early."""
    return replace(changes, stopped=None) if gaps.has("files") else changes


def _lacking(api: RepositoryApi, answers: _Answers, changes: Changes, threads: Sequence[Thread]) -> Iterable[Gap]:
    """What is not told, beside what was refused."""
    if not changes.ready:
        yield Gap(part="files", reason=_NOT_MADE, remedy="read it again in a moment")
        if not answers.commits:
            yield Gap(part="commits", reason=_NOT_MADE, remedy="read it again in a moment")
    elif changes.stopped:
        yield Gap(part="files", reason=changes.stopped, remedy="read the rest from a clone")
    if answers.seen.why is not None:
        yield Gap(part="can", reason=answers.seen.why, remedy=_CLASSIC)
    published = (each for thread in threads for each in thread.comments if each.state is CommentState.PUBLISHED)
    if any(each.reactions is None for each in published):
        yield Gap(part="reactions", reason=_why_no_reactions(api, answers), remedy=None)
    for missing in sorted(api.api.missing & PARTS.keys()):
        if PARTS[missing] != "reactions":
            reason = f"{api.api.server} has no {'.'.join(missing)}"
            yield Gap(part=PARTS[missing], reason=reason, remedy="upgrade the server")


def _why_no_reactions(api: RepositoryApi, answers: _Answers) -> str:
    if ("Note", "awardEmoji") in api.api.missing:
        return f"{api.api.server} has no Note.awardEmoji"
    return answers.seen.why or "GraphQL does not tell the reactions to the notes"
