"""Reviewers: who was asked, who has approved, and who is still needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.gitlab.wire.graph import graph_person, number
from pullbridge.hosts.gitlab.wire.people import person
from pullbridge.model.people import Person
from pullbridge.model.reviews import Reviewer, ReviewState

#: REST's words and GraphQL's are the same but for their case. `unapproved` is an approval that was taken back.
#: https://docs.gitlab.com/api/graphql/reference/#mergerequestreviewstate
_STATES = {
    "unreviewed": ReviewState.REQUESTED,
    "attention_requested": ReviewState.REQUESTED,
    "review_started": ReviewState.STARTED,
    "reviewed": ReviewState.COMMENTED,
    "approved": ReviewState.APPROVED,
    "requested_changes": ReviewState.CHANGES_REQUESTED,
    "unapproved": ReviewState.DISMISSED,
}


def review_state(word: str | None) -> ReviewState:
    """A reviewer's standing; who is asked and has an unknown word beside them has done something, but no verdict."""
    return ReviewState.REQUESTED if word is None else _STATES.get(word.lower(), ReviewState.COMMENTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An approval rule: how many approvals it needs, and by whom. It is of Premium, and of code owners."""

    name: str
    needed: int
    approved_by: frozenset[str]
    eligible: tuple[Person, ...]

    @property
    def left(self) -> int:
        """How many approvals are still missing."""
        return max(self.needed - len(self.approved_by), 0)

    @property
    def waiting(self) -> tuple[Person, ...]:
        """Who could still give one."""
        return tuple(each for each in self.eligible if each.id not in self.approved_by)

    @property
    def indispensable(self) -> tuple[Person, ...]:
        """Whose approvals are all needed, because there are no more people than approvals missing."""
        return self.waiting if 0 < len(self.waiting) <= self.left else ()


def rules(payload: payloads.ApprovalState | payloads.GraphApprovalState | None) -> tuple[Rule, ...] | None:
    """The rules; `None` where the edition has none, or they are hidden."""
    if payload is None or payload.rules is None:
        return None
    return tuple(_rule(each) for each in payload.rules)


def _rule(payload: payloads.ApprovalRule | payloads.GraphRule) -> Rule:
    if isinstance(payload, payloads.GraphRule):
        by = frozenset(str(number(each.id)) for each in (payload.approved_by.items if payload.approved_by else ()))
        eligible = tuple(graph_person(each) for each in payload.eligible_approvers or ())
    else:
        by = frozenset(str(each.id) for each in payload.approved_by or ())
        eligible = tuple(person(each) for each in payload.eligible_approvers or ())
    return Rule(name=payload.name or "", needed=payload.approvals_required or 0, approved_by=by, eligible=eligible)


def still_needed(known: Sequence[Rule] | None) -> tuple[str, ...]:
    """What approvals are missing, a sentence for every rule that is not met."""
    return tuple(
        f"{each.left} more approval{'s' if each.left != 1 else ''} of {each.name or 'the rule'} needed"
        for each in known or ()
        if each.left
    )


def graph_reviewers(
    asked: Iterable[payloads.GraphReviewer], approvers: Iterable[payloads.GraphUser], known: Sequence[Rule] | None
) -> tuple[Reviewer, ...]:
    """Who was asked, with their standing, then who else has approved, then who else must."""
    standing = {each.username: (graph_person(each), _of(each.merge_request_interaction)) for each in asked}
    return _together(standing, [graph_person(each) for each in approvers], known)


def _of(told: payloads.GraphInteraction | None) -> ReviewState:
    return review_state(told.review_state) if told is not None else ReviewState.REQUESTED


def reviewers(
    asked: Iterable[payloads.ReviewerRow], approvals: payloads.Approvals | None, known: Sequence[Rule] | None
) -> tuple[Reviewer, ...]:
    """The same by REST."""
    standing = {each.user.username: (person(each.user), review_state(each.state)) for each in asked}
    approvers = [person(each.user) for each in (approvals.approved_by or () if approvals else ()) if each.user]
    return _together(standing, approvers, known)


def _together(
    standing: dict[str, tuple[Person, ReviewState]], approvers: Sequence[Person], known: Sequence[Rule] | None
) -> tuple[Reviewer, ...]:
    needed = None if known is None else {each.id for rule in known for each in rule.indispensable}
    found = dict(standing)
    for each in approvers:
        before = found.get(each.handle, (each, ReviewState.APPROVED))[1]
        # Before 16.x a reviewer who has approved is told as one who has reviewed.
        verdict = before if before is ReviewState.CHANGES_REQUESTED else ReviewState.APPROVED
        found[each.handle] = (each, verdict)
    for rule in known or ():
        for each in rule.indispensable:
            found.setdefault(each.handle, (each, ReviewState.REQUESTED))
    return tuple(
        Reviewer(person=who, state=state, required=None if needed is None else who.id in needed)
        for who, state in found.values()
    )
