"""A whole pull request at once: Data Center answers each part by itself, and so all of them are in flight together.

Lists come in the largest pages that the instance gives; what does not fit is read page after page, for where the next one
begins stands in the one before. Builds are reported on a commit: those of the head that was seen last are asked for beside
the rest, and once more if it is another one. https://developer.atlassian.com/server/bitbucket/rest/v902/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pullbridge.capabilities import Capabilities
from pullbridge.hosts.bitbucket_dc import (
    checks,
    files,
    merging,
    payloads,
    pending,
    reading,
    threads,
    versioned,
    whoami,
    wire,
)
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import about
from pullbridge.hosts.bitbucket_dc.features import Features
from pullbridge.hosts.gapping import Gaps
from pullbridge.model.checks import Check
from pullbridge.model.diff import FileChange
from pullbridge.model.merge import Mergeability, MergeabilityState
from pullbridge.model.orders import Changes
from pullbridge.model.panel import Gap, Panel
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull
from pullbridge.model.refs import same_commit

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What came back. `listed` and `text` are `None` where they were refused; `reports` are those on `guess`."""

    pull: payloads.PullRequest
    activities: Sequence[payloads.Activity]
    drafts: Sequence[payloads.Comment]
    commits: Sequence[payloads.Commit]
    listed: payloads.PullChanges | None
    text: bytes | None
    base: str | None
    merge: payloads.Mergeability | None
    rules: Sequence[payloads.RequiredBuild] | None
    guess: str | None
    reports: Sequence[payloads.BuildStatus]
    me: Person | None

    @property
    def head(self) -> str | None:
        """The head, by the pull request itself."""
        return self.pull.from_ref.latest_commit


def panel(api: RepositoryApi, features: Features, number: int, file_count: int | None = None) -> tuple[Panel, Changes]:
    """Read it all: in one round trip where the head was seen before, in a list or by itself, and else in two."""
    del file_count  # all files come in one answer
    gaps = Gaps(api.api.signing.anonymous)
    answers = _asked(api, number, gaps)
    found = _found(api, number, answers)
    if _is_torn(answers, found):
        # Somebody pushed between the answers: all of them once more.
        gaps = Gaps(api.api.signing.anonymous)
        answers = _asked(api, number, gaps)
        found = _found(api, number, answers)
    return _built(api, features, number, answers, found, gaps)


def _asked(api: RepositoryApi, number: int, gaps: Gaps) -> _Answers:
    def part(name: str, read: Callable[[], T], otherwise: T) -> Callable[[], T]:
        return lambda: gaps.part(name, read, otherwise)

    known = api.diffs.of(number)
    guess = known.until if known is not None else None
    listing, reading_ = files.thunks(api, number)
    thunks: list[Callable[[], Any]] = [
        lambda: _pull(api, number, guess, gaps),
        part("threads", lambda: reading.activities(api, number), []),
        part("threads", lambda: pending.mine(api, number), []),
        part("commits", lambda: _commits(api, number), []),
        part("files", listing, None),
        part("files", reading_, None),
        lambda: files.base_of(api, number),
        part("mergeability", lambda: merging.told(api, number), None),
        lambda: checks.required(api),
        part("checks", lambda: checks.reported(api, guess), []),
        lambda: whoami.me(api.api),
    ]
    told, activities, drafts, commits, listed, text, base, merge, rules, reports, me = api.api.gather(*thunks)
    pull, late = told
    return _Answers(
        pull=pull,
        activities=activities,
        drafts=drafts,
        commits=commits,
        listed=listed,
        text=text,
        base=base,
        merge=merge,
        rules=rules,
        guess=guess or pull.from_ref.latest_commit,
        reports=reports if guess is not None else late,
        me=me,
    )


def _pull(
    api: RepositoryApi, number: int, guess: str | None, gaps: Gaps
) -> tuple[payloads.PullRequest, Sequence[payloads.BuildStatus]]:
    """The pull request; where no head of it was seen before, the reports on that are asked for behind it, and at once."""
    pull = versioned.read(api, number)
    if guess is not None:
        return pull, []
    return pull, gaps.part("checks", lambda: checks.reported(api, pull.from_ref.latest_commit), [])


def _commits(api: RepositoryApi, number: int) -> list[payloads.Commit]:
    return api.api.pages(api.pull(number, "commits"), payloads.Commit, about(number))


def _found(api: RepositoryApi, number: int, answers: _Answers) -> files.Found | None:
    """The changes, as far as both answers about them came."""
    if answers.listed is None or answers.text is None:
        return None
    return files.found(api, number, answers.listed, answers.text)


def _is_torn(answers: _Answers, found: files.Found | None) -> bool:
    if found is None:
        return False
    other = answers.head is not None and not same_commit(found.listed.to_hash, answers.head)
    return found.torn or (other and answers.pull.state == "OPEN")


def _built(
    api: RepositoryApi, features: Features, number: int, answers: _Answers, found: files.Found | None, gaps: Gaps
) -> tuple[Panel, Changes]:
    me, payload = answers.me, answers.pull
    changes = files.of(found) if found is not None else Changes(head=answers.head, files=())
    reported = _reports(api, answers, gaps)
    built = Panel(
        pull=_counted(wire.pull(payload, api.ref), answers, changes.files),
        commits=tuple(wire.commit(row) for row in reversed(answers.commits)),
        files=changes.files,
        threads=wire.threads(answers.activities, answers.drafts, threads.reader(api, number, me)),
        reviews=wire.reviews(payload, answers.activities, me, bool(answers.drafts)),
        reviewers=wire.reviewers(payload),
        checks=reported,
        mergeability=_mergeability(answers, gaps),
        viewer=me,
        can=_can(features, answers),
        gaps=tuple(dict.fromkeys((*gaps.found, *_lacking(changes)))),
    )
    return built, changes


def _reports(api: RepositoryApi, answers: _Answers, gaps: Gaps) -> tuple[Check, ...]:
    """The reports on the head, asked for now where another commit was taken for it."""
    rows = answers.reports
    if not same_commit(answers.guess, answers.head):
        rows = gaps.part("checks", lambda: checks.reported(api, answers.head), [])
    return checks.told(api, answers.pull, rows, answers.rules)


def _counted(pull: Pull, answers: _Answers, shown: Sequence[FileChange]) -> Pull:
    """With what only the panel has seen."""
    added, removed = [each.additions for each in shown], [each.deletions for each in shown]
    counted = bool(shown) and None not in added and None not in removed
    return replace(
        pull,
        merge_base=pull.merge_base or answers.base,
        commit_count=len(answers.commits) or None,
        file_count=len(shown) if answers.listed is not None else None,
        additions=sum(each or 0 for each in added) if counted else None,
        deletions=sum(each or 0 for each in removed) if counted else None,
    )


def _mergeability(answers: _Answers, gaps: Gaps) -> Mergeability:
    if gaps.has("mergeability"):
        return Mergeability(state=MergeabilityState.UNKNOWN, reasons=("Bitbucket does not tell it to this account",))
    return wire.mergeability(answers.merge, answers.pull)


def _can(features: Features, answers: _Answers) -> Capabilities:
    pull, me = answers.pull, answers.me
    author = wire.person(pull.author.user).id if pull.author is not None else None
    return features.of_pull(state=pull.state, author=None if me is None or author is None else author == me.id)


def _lacking(changes: Changes) -> Iterable[Gap]:
    """What is not told, beside what was refused."""
    if changes.stopped:
        yield Gap(part="files", reason=changes.stopped, remedy="read the rest from a clone")
