"""Lists of pull requests: of a repository, of a commit, and what is mine on the dashboard and in the inbox.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/#api-api-latest-projects-projectkey-repos-repositoryslug-pull-requests-get,
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-dashboard/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level, person_of
from pullbridge.testing.bitbucket_dc.asking import REPO, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.shapes import STATES, slug_of
from pullbridge.testing.store import PullRequest, User

STATE_WORDS = ("OPEN", "DECLINED", "MERGED", "ALL")
ROLES = ("AUTHOR", "REVIEWER", "PARTICIPANT")
STATUSES = ("UNAPPROVED", "NEEDS_WORK", "APPROVED")
MOST_PEOPLE = 10
#: The largest page of pull requests: https://confluence.atlassian.com/bitbucketserver/bitbucket-config-properties-776640155.html
MOST = 100


def row(ask: Ask) -> Callable[[PullRequest], dict[str, Any]]:
    """How a pull request looks in a list."""
    counted = ask.flag("withProperties", default=True)
    return lambda pull: ask.shapes.pull(pull, listed=counted)


def of_repository(ask: Ask) -> Answer:
    """GET pull-requests: by state, direction and branch, text, draft, people."""
    state = ask.choice("state", STATE_WORDS, "OPEN")
    order = ask.choice("order", ("NEWEST", "OLDEST"), "NEWEST")
    outgoing = ask.choice("direction", ("INCOMING", "OUTGOING"), "INCOMING") == "OUTGOING"
    pulls: list[PullRequest] = list(ask.repository.pulls.values())
    if outgoing:
        pulls = [p for p in ask.store.pulls.all() if p.source is ask.repository and _sees(ask, p)]
    at = ask.text("at")
    for pull in pulls:
        ask.app.states.of(pull)
    kept = [pull for pull in pulls if _has_state(pull, state) and (at is None or _is_at(pull, at, outgoing=outgoing))]
    kept = _said(ask, kept)
    for test in _people(ask):
        kept = [pull for pull in kept if test(pull)]
    kept.sort(key=lambda pull: (pull.updated_at, pull.id), reverse=order == "NEWEST")
    return ask.paged(kept, row(ask), most=MOST)


def _sees(ask: Ask, pull: PullRequest) -> bool:
    return ask.level_in(pull.repository) >= Level.READ


def _has_state(pull: PullRequest, state: str) -> bool:
    return state in {"ALL", STATES[pull.state]}


def _is_at(pull: PullRequest, at: str, *, outgoing: bool) -> bool:
    """`at` is a full name, as the documentation wants it; nothing else finds anything."""
    return at == f"refs/heads/{pull.source_branch if outgoing else pull.target_branch}"


def _said(ask: Ask, pulls: list[PullRequest]) -> list[PullRequest]:
    text = (ask.text("filterText") or "").lower()
    if text:
        pulls = [pull for pull in pulls if text in pull.title.lower() or text in (pull.body or "").lower()]
    if ask.text("draft") is not None and ask.at_least(8, 18):
        wanted = ask.flag("draft")
        pulls = [pull for pull in pulls if pull.draft == wanted]
    return pulls


def _people(ask: Ask) -> Iterable[Callable[[PullRequest], bool]]:
    """`username.N`, `role.N` and `approved.N`, as long as the numbers follow each other; the eleventh is dropped."""
    for number in range(1, MOST_PEOPLE + 1):
        name = ask.text(f"username.{number}")
        if name is None:
            return
        role = ask.text(f"role.{number}")
        if role is not None and role.upper() not in ROLES:
            raise errors.bad_argument(f"'{role}' is not a valid value for 'role.{number}'.")
        approved = ask.text(f"approved.{number}")
        user = person_of(ask.store, name) or _by_slug(ask, name)
        yield _takes_part(ask, user, role and role.upper(), approved and approved.lower() == "true")


def _by_slug(ask: Ask, name: str) -> User | None:
    return next((user for user in ask.app.people() if slug_of(user.handle) == name), None)


def _takes_part(
    ask: Ask, user: User | None, role: str | None, approved: bool | str | None
) -> Callable[[PullRequest], bool]:
    def test(pull: PullRequest) -> bool:
        has = None if user is None else role_in(ask, pull, user)
        if user is None or has is None or role not in {None, has}:
            return False
        return approved in {None, ""} or (ask.app.states.of(pull).status(user).word == "APPROVED") == approved

    return test


def role_in(ask: Ask, pull: PullRequest, user: User) -> str | None:
    """What somebody is in a pull request, `None` when they take no part."""
    if user is pull.author:
        return "AUTHOR"
    if user in pull.requested_reviewers:
        return "REVIEWER"
    return "PARTICIPANT" if user in ask.app.states.of(pull).statuses else None


def of_commit(ask: Ask) -> Answer:
    """GET commits/{id}/pull-requests: those of this repository that have it."""
    sha = ask.commit(str(ask.values["commit"]))
    pulls = sorted(ask.repository.pulls.values(), key=lambda pull: pull.id, reverse=True)
    found = [pull for pull in pulls if any(commit.sha == sha for commit in ask.store.pulls.commits(pull))]
    return ask.paged(found, row(ask), most=MOST)


# -- mine --------------------------------------------------------------------------------------------------------------


def _mine(ask: Ask, user: User) -> list[PullRequest]:
    visible = [pull for pull in ask.store.pulls.all() if _sees(ask, pull)]
    return [pull for pull in visible if role_in(ask, pull, user) is not None]


def dashboard(ask: Ask) -> Answer:
    """GET dashboard/pull-requests: in which I, or `user`, am something."""
    user = _user(ask)
    role, state = _word(ask, "role", ROLES), _word(ask, "state", STATE_WORDS[:3])
    statuses = {word for word in (ask.text("participantStatus") or "").upper().split(",") if word}
    if statuses - set(STATUSES):
        raise errors.bad_argument("participantStatus is not valid.")
    found = [pull for pull in _mine(ask, user) if role in {None, role_in(ask, pull, user)}]
    found = [pull for pull in found if state in {None, STATES[pull.state]} and _closed_since(ask, pull)]
    if statuses:
        found = [pull for pull in found if ask.app.states.of(pull).status(user).word in statuses]
    return ask.paged(_ordered(ask, found, user), row(ask), most=MOST)


def _user(ask: Ask) -> User:
    name = ask.text("user")
    if name is None:
        return ask.me
    found = person_of(ask.store, name)
    if found is None:
        raise errors.no_user(name)
    return found


def _word(ask: Ask, name: str, words: tuple[str, ...]) -> str | None:
    return ask.choice(name, words, "") if ask.text(name) else None


def _closed_since(ask: Ask, pull: PullRequest) -> bool:
    seconds = ask.number("closedSince")
    if seconds is None:
        return True
    return pull.closed_at is not None and (ask.store.now() - pull.closed_at).total_seconds() <= seconds


def _ordered(ask: Ask, pulls: list[PullRequest], user: User) -> list[PullRequest]:
    """By `order`; the newest first otherwise."""
    newest = sorted(pulls, key=lambda pull: (pull.updated_at, pull.id), reverse=True)
    words = ("NEWEST", "OLDEST", "DRAFT_STATUS", "PARTICIPANT_STATUS", "CLOSED_DATE")
    order = ask.choice("order", words, "NEWEST")
    if order == "OLDEST":
        return newest[::-1]
    if order == "DRAFT_STATUS":
        return sorted(newest, key=lambda pull: pull.draft)
    if order == "PARTICIPANT_STATUS":
        return sorted(newest, key=lambda pull: STATUSES.index(ask.app.states.of(pull).status(user).word))
    if order == "CLOSED_DATE":
        return sorted(newest, key=lambda pull: -pull.closed_at.timestamp() if pull.closed_at else float("-inf"))
    return newest


def _inbox(ask: Ask) -> list[PullRequest]:
    """Open ones: mine, or which I am to review and have said nothing of."""
    role = ask.choice("role", ("AUTHOR", "REVIEWER"), "REVIEWER")
    mine = [pull for pull in _mine(ask, ask.me) if pull.state == "open" and role_in(ask, pull, ask.me) == role]
    if role == "REVIEWER":
        mine = [pull for pull in mine if ask.app.states.of(pull).status(ask.me).word == "UNAPPROVED"]
    return sorted(mine, key=lambda pull: (pull.updated_at, pull.id), reverse=True)


def inbox(ask: Ask) -> Answer:
    """GET inbox/pull-requests."""
    return ask.paged(_inbox(ask), row(ask), most=MOST)


def inbox_count(ask: Ask) -> Answer:
    """GET inbox/pull-requests/count."""
    return Answer(payload={"count": len(_inbox(ask))})


ROUTES = (
    Route(method="GET", rule=f"{REPO}/pull-requests", answer=of_repository),
    Route(method="GET", rule=f"{REPO}/commits/<commit>/pull-requests", answer=of_commit, signed_in=True),
    Route(method="GET", rule="/dashboard/pull-requests", answer=dashboard, signed_in=True),
    Route(method="GET", rule="/inbox/pull-requests", answer=inbox, signed_in=True),
    Route(method="GET", rule="/inbox/pull-requests/count", answer=inbox_count, signed_in=True),
)
