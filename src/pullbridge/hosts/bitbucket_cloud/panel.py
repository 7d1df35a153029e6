"""A whole pull request at once: Bitbucket answers each part by itself, and so all of them are in flight together.

The first pages go out at once, the largest that there are; what does not fit them is read page by page, for the address of
each page is in the one before. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pullbridge import errors
from pullbridge.capabilities import Capabilities
from pullbridge.hosts.bitbucket_cloud import (
    checks,
    diffs,
    editing,
    hashes,
    merging,
    payloads,
    reviews,
    threads,
    whoami,
    wire,
)
from pullbridge.hosts.bitbucket_cloud.abilities import Right
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi
from pullbridge.hosts.bitbucket_cloud.errors import about
from pullbridge.hosts.bitbucket_cloud.features import Features
from pullbridge.hosts.gapping import Gaps
from pullbridge.model.checks import Check
from pullbridge.model.orders import Changes
from pullbridge.model.panel import Gap, Panel
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull
from pullbridge.model.reviews import Review

T = TypeVar("T")

#: What a part may be refused with on its own: a fork that is gone or private takes its commits along.
_REFUSALS = (errors.Forbidden, errors.NotThere, errors.ScopeMissing, errors.SignInNeeded)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What came back; `statuses` are `None` where they were refused."""

    pull: payloads.PullRequest
    comments: Sequence[payloads.Comment]
    commits: Sequence[payloads.Commit]
    diff: diffs.Diff
    statuses: Sequence[payloads.CommitStatus] | None
    conflicts: merging.Looked[tuple[str, ...]]
    rules: merging.Looked[tuple[payloads.BranchRestriction, ...]]
    events: Sequence[payloads.Activity]
    me: Person | None


def panel(api: RepositoryApi, features: Features, number: int) -> tuple[Panel, Changes]:
    """Read it all: in one round trip where the address of the diff is known from before, and else in two."""
    gaps = Gaps(api.api.signing.anonymous, _REFUSALS)
    answers = _asked(api, features, number, gaps)
    if not answers.diff.is_of(answers.pull):
        # Somebody pushed between the answers, or since the diff's address was kept.
        gaps = Gaps(api.api.signing.anonymous, _REFUSALS)
        answers = _asked(api, features, number, gaps)
    return _built(api, features, answers, gaps)


def _asked(api: RepositoryApi, features: Features, number: int, gaps: Gaps) -> _Answers:
    def part(name: str, read: Callable[[], T], otherwise: T) -> Callable[[], T]:
        return lambda: gaps.part(name, read, otherwise)

    listing, reading = diffs.thunks(api, number)
    thunks: list[Callable[[], Any]] = [
        lambda: _read(api, number),
        part("threads", lambda: threads.comments(api, number), []),
        part("commits", lambda: _commits(api, number), []),
        part("files", listing, None),
        part("files", reading, (None, None)),
        part("checks", lambda: checks.statuses(api, number), None),
        lambda: merging.conflicts(api, number, diffs.where(api, number, "conflicts")),
        lambda: _rules(api, features),
        part("reviews", lambda: reviews.recent(api, number)[0], []),
        lambda: whoami.me(api.api),
    ]
    pull, comments, commits, rows, text, statuses, conflicts, rules, events, me = api.api.gather(*thunks)
    diff = diffs.together(rows, text)
    diffs.learn(api, pull, diff)
    return _Answers(
        pull=pull,
        comments=comments,
        commits=commits,
        diff=diff,
        statuses=statuses,
        conflicts=conflicts,
        rules=rules,
        events=events,
        me=me,
    )


def _read(api: RepositoryApi, number: int) -> payloads.PullRequest:
    """The pull request; and its target's full commit id at once, while the redirects to its diff are under way."""
    found = editing.read(api, number)
    hashes.look_at_target(api, wire.pull(found, api.ref))
    return found


def _commits(api: RepositoryApi, number: int) -> list[payloads.Commit]:
    return api.api.pages(api.pull(number, "commits"), payloads.Commit, about(number))


def _rules(api: RepositoryApi, features: Features) -> merging.Looked[tuple[payloads.BranchRestriction, ...]]:
    """The rules of the branches; who is known to be no administrator does not ask for them."""
    home = features.facts()[1]
    if home is not None and home.right is not None and home.right < Right.ADMIN:
        return merging.Looked(None, "the rules of the branch are told to administrators only")
    return merging.rules(api)


def _standing(answers: _Answers, found: tuple[Check, ...]) -> wire.Standing:
    looked = (answers.conflicts, answers.rules)
    return wire.Standing(
        conflicts=answers.conflicts.found,
        checks=found if answers.statuses is not None else None,
        rules=answers.rules.found,
        unread=tuple(sorted(each.why for each in looked if each.why)),
    )


def _built(api: RepositoryApi, features: Features, answers: _Answers, gaps: Gaps) -> tuple[Panel, Changes]:
    payload, diff = answers.pull, answers.diff
    history = tuple(wire.commit(row) for row in wire.oldest_first(answers.commits))
    pull = hashes.completed(api, wire.pull(payload, api.ref), [each.id for each in history])
    changes = Changes(head=pull.source.commit, files=diff.files, stopped=diff.stopped)
    found = wire.checks(answers.statuses or ())
    built = Panel(
        pull=_counted(pull, answers, changes),
        commits=history,
        files=changes.files,
        threads=wire.threads(answers.comments, threads.reader(api, answers.me, pull.source.commit)),
        reviews=_reviews(answers, pull, [each.id for each in history]),
        reviewers=wire.reviewers(payload),
        checks=found,
        mergeability=wire.mergeability(payload, _standing(answers, found)),
        viewer=answers.me,
        can=_can(features, answers),
        gaps=tuple(dict.fromkeys((*gaps.found, *_lacking(changes, gaps)))),
    )
    return built, changes


def _counted(pull: Pull, answers: _Answers, changes: Changes) -> Pull:
    """With the counts that only the panel has seen."""
    rows = answers.diff.rows
    return replace(
        pull,
        commit_count=len(answers.commits) or None,
        file_count=len(changes.files) if rows is not None else None,
        additions=None if rows is None else sum(row.lines_added or 0 for row in rows),
        deletions=None if rows is None else sum(row.lines_removed or 0 for row in rows),
    )


def _reviews(answers: _Answers, pull: Pull, known: Sequence[str]) -> tuple[Review, ...]:
    """With the heads that verdicts were about, as far as the newest events tell them; in full, where that is at hand."""
    found = wire.reviews(answers.pull.participants, answers.events, answers.me)
    whole = [*known, *([pull.source.commit] if pull.source.commit is not None else [])]
    short = {each.commit for each in found if each.commit is not None}
    full = {commit: next((each for each in whole if each.startswith(commit)), commit) for commit in short}
    return wire.completed(found, full)


def _can(features: Features, answers: _Answers) -> Capabilities:
    pull, me = answers.pull, answers.me
    author = pull.author.uuid if pull.author is not None else None
    mine = None if me is None or author is None else author == me.id
    return features.of_pull(state=pull.state, author=mine, draft=pull.draft)


def _lacking(changes: Changes, gaps: Gaps) -> Iterable[Gap]:
    """What is not told, beside what was refused."""
    if changes.stopped and not gaps.has("files"):
        yield Gap(part="files", reason=changes.stopped, remedy="read the rest from a clone")
