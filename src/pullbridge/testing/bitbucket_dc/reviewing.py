"""What people make of a pull request: their status, one by one or as the end of a review.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/#api-api-latest-projects-projectkey-repos-repositoryslug-pull-requests-pullrequestid-participants-userslug-put
"""

from __future__ import annotations

from typing import Any, get_args

from pullbridge.testing.bitbucket_dc import errors, talk
from pullbridge.testing.bitbucket_dc.access import Level, level_of_user, person_of
from pullbridge.testing.bitbucket_dc.asking import NOTHING, PULL, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.comment_shapes import shape
from pullbridge.testing.bitbucket_dc.comments import PENDING
from pullbridge.testing.bitbucket_dc.listing import role_in
from pullbridge.testing.bitbucket_dc.pulls import may_edit
from pullbridge.testing.bitbucket_dc.shapes import slug_of
from pullbridge.testing.bitbucket_dc.states import Word
from pullbridge.testing.bitbucket_dc.versions import check_version, illegal_state
from pullbridge.testing.store import ReviewState, User

_VERDICTS: dict[Word, ReviewState] = {
    "APPROVED": "APPROVED",
    "NEEDS_WORK": "CHANGES_REQUESTED",
    "UNAPPROVED": "DISMISSED",
}
_ACTIONS: dict[Word, str] = {"APPROVED": "APPROVED", "NEEDS_WORK": "REVIEWED", "UNAPPROVED": "UNAPPROVED"}


def _shown(ask: Ask, user: User) -> dict[str, Any]:
    role: Any = role_in(ask, ask.pull, user) or "PARTICIPANT"
    return ask.shapes.participant(user, role, ask.state.status(user))


def participants(ask: Ask) -> Answer:
    """GET participants: everybody who takes part, the author first."""
    pull = ask.pull
    people = dict.fromkeys([pull.author, *pull.requested_reviewers, *ask.state.statuses])
    return ask.paged(list(people), lambda user: _shown(ask, user))


def _by_slug(ask: Ask, slug: str) -> User:
    found = next((user for user in ask.app.people() if slug_of(user.handle) == slug.lower()), None)
    if found is None:
        raise errors.no_user(slug)
    return found


def set_status(ask: Ask) -> Answer:
    """PUT participants/{slug}: one's own status. By the slug, not the name."""
    user = _by_slug(ask, str(ask.values["user"]))
    if user is not ask.me:
        raise errors.unauthorized()
    word = _word(ask, "status")
    if word is None:
        raise errors.invalid("status", "A status is required.")
    check_version(ask, required=False)
    _may_say(ask, word)
    _check_reviewed(ask)
    say(ask, word)
    return Answer(payload=_shown(ask, user))


def _word(ask: Ask, name: str) -> Word | None:
    word: Any = ask.sent(name, str)
    if word is not None and word not in get_args(Word):
        raise errors.invalid(name, f"'{word}' is not a valid participant status.")
    return word  # type: ignore[no-any-return] # one of its values


def _may_say(ask: Ask, word: Word) -> None:
    """The author says nothing of it (400), and nobody of what is closed (409)."""
    if ask.me is ask.pull.author:
        text = "Authors may not set the status of their own pull requests."
        raise errors.problem(400, text, "pull.InvalidPullRequestParticipantStatusException", "status")
    if ask.pull.state != "open":
        raise illegal_state(ask.pull, f"The pull request has already been {{0}}; {word} cannot be said of it.")


def _check_reviewed(ask: Ask) -> None:
    """Who saw another head than today's has not seen what they judge: 409."""
    seen = ask.sent("lastReviewedCommit", str)
    if seen is not None and seen != ask.pull.head:
        raise errors.out_of_date(ask.state.version, ask.state.version)


def say(ask: Ask, word: Word) -> None:
    """Record a status. Who says something is a reviewer from then on (unverified)."""
    pull, state = ask.pull, ask.state
    status = state.joined(ask.me)
    before, status.word = status.word, word
    status.last_reviewed = pull.head if word != "UNAPPROVED" else status.last_reviewed
    if word != "UNAPPROVED" and ask.me not in pull.requested_reviewers:
        pull.requested_reviewers.append(ask.me)
    if before != word:
        ask.store.reviews.say(pull, ask.me, _VERDICTS[word])
        ask.app.states.note(state, _ACTIONS[word], ask.me)


def approve(ask: Ask) -> Answer:
    """POST approve, the old way."""
    _may_say(ask, "APPROVED")
    say(ask, "APPROVED")
    return Answer(payload=_shown(ask, ask.me))


def unapprove(ask: Ask) -> Answer:
    """DELETE approve, the old way."""
    _may_say(ask, "UNAPPROVED")
    say(ask, "UNAPPROVED")
    return Answer(payload=_shown(ask, ask.me))


# -- reviewers ---------------------------------------------------------------------------------------------------------


def assign(ask: Ask) -> Answer:
    """POST participants: make somebody a reviewer."""
    may_edit(ask)
    told = ask.sent("user", dict) or {}
    name, role = told.get("name"), ask.sent("role", str)
    if not isinstance(name, str) or role != "REVIEWER":
        raise errors.invalid("role", "A username and the role REVIEWER are required.")
    user = person_of(ask.store, name)
    if user is None:
        raise errors.no_user(name)
    if user is ask.pull.author:
        raise errors.invalid("user", f"{name} is the author of the pull request and cannot be a reviewer.")
    if level_of_user(ask.store, user, ask.repository) < Level.READ:
        text = f"{name} does not have permission to view the repository."
        raise errors.conflict(text, "pull.InvalidPullRequestReviewersException")
    ask.store.pulls.set_reviewers(ask.pull, ask.me, [*ask.pull.requested_reviewers, user])
    return Answer(payload=_shown(ask, user))


def unassign(ask: Ask) -> Answer:
    """DELETE participants/{slug}: no reviewer any more, but a participant for ever."""
    return _unassign(ask, _by_slug(ask, str(ask.values["user"])))


def unassign_by_name(ask: Ask) -> Answer:
    """DELETE participants?username=, the old way."""
    user = person_of(ask.store, ask.required("username"))
    if user is None:
        raise errors.no_user(ask.required("username"))
    return _unassign(ask, user)


def _unassign(ask: Ask, user: User) -> Answer:
    if user is not ask.me:
        may_edit(ask)
    ask.state.joined(user)
    people = [each for each in ask.pull.requested_reviewers if each is not user]
    ask.store.pulls.set_reviewers(ask.pull, ask.me, people)
    return NOTHING


# -- a review as a whole -----------------------------------------------------------------------------------------------


def pending(ask: Ask) -> Answer:
    """GET review: the threads with comments of mine that wait."""
    roots = dict.fromkeys(comment.root for comment in talk.pending(ask.state, ask.me))
    return ask.paged(list(roots), lambda comment: shape(ask, comment))


def finish(ask: Ask) -> Answer:
    """PUT review: publish what waits, say something about the whole, and what one makes of it, at once."""
    if not isinstance(ask.json, dict):
        raise errors.bad_argument("A request body is required to finish a review.")
    word, text = _word(ask, "participantStatus"), ask.sent("commentText", str)
    check_version(ask, required=False)
    _check_reviewed(ask)
    if word is not None:
        _may_say(ask, word)
    waiting = talk.pending(ask.state, ask.me)
    for comment in waiting:
        talk.publish(ask.app, comment)
    if text and text.strip():
        talk.add(ask.app, ask.pull, ask.me, text)
    if word is not None:
        say(ask, word)
    # the name is from a test that ran against a 10.4; the specification leaves the answer out
    return Answer(payload={"publishedCommentCount": len(waiting)})


def discard(ask: Ask) -> Answer:
    """DELETE review: what waits is gone. A reply goes before what it answers."""
    for comment in reversed(talk.pending(ask.state, ask.me)):
        talk.remove(ask.app, comment)
    return NOTHING


# -- watching ----------------------------------------------------------------------------------------------------------


def watch(ask: Ask) -> Answer:
    """POST watch."""
    ask.state.watchers[ask.me] = True
    return NOTHING


def unwatch(ask: Ask) -> Answer:
    """DELETE watch."""
    ask.state.watchers[ask.me] = False
    return NOTHING


_PEOPLE = f"{PULL}/participants"
ROUTES = (
    Route(method="GET", rule=_PEOPLE, answer=participants),
    Route(method="POST", rule=_PEOPLE, answer=assign),
    Route(method="DELETE", rule=_PEOPLE, answer=unassign_by_name),
    Route(method="PUT", rule=f"{_PEOPLE}/<user>", answer=set_status),
    Route(method="DELETE", rule=f"{_PEOPLE}/<user>", answer=unassign),
    Route(method="POST", rule=f"{PULL}/approve", answer=approve),
    Route(method="DELETE", rule=f"{PULL}/approve", answer=unapprove),
    Route(method="GET", rule=f"{PULL}/review", answer=pending, since=PENDING, signed_in=True),
    Route(method="PUT", rule=f"{PULL}/review", answer=finish, since=PENDING),
    Route(method="DELETE", rule=f"{PULL}/review", answer=discard, since=PENDING),
    Route(method="POST", rule=f"{PULL}/watch", answer=watch, kept=True),
    Route(method="DELETE", rule=f"{PULL}/watch", answer=unwatch, kept=True),
)
