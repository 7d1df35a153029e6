"""Requested reviewers: https://docs.github.com/en/rest/pulls/review-requests"""

from __future__ import annotations

from pullbridge.testing.github.asking import Answer, Ask, Route
from pullbridge.testing.github.errors import answer_to
from pullbridge.testing.github.pull_shapes import simple_pull
from pullbridge.testing.store import Refused, Role, Team, User, Why


def get(ask: Ask) -> Answer:
    """GET."""
    pull = ask.pull
    users = [ask.shapes.user(user) for user in pull.requested_reviewers if not user.deleted]
    return Answer(payload={"users": users, "teams": [ask.shapes.team(team) for team in pull.requested_teams]})


def _named(ask: Ask) -> tuple[list[User], list[Team]]:
    """The people and teams that were sent; a name that is nobody's is no collaborator."""
    people = [ask.store.people.find(handle) for handle in ask.strings("reviewers") or []]
    home = ask.repository.owner.handle.lower()
    teams = [ask.store.people.teams.get((home, slug)) for slug in ask.strings("team_reviewers") or []]
    if None in people or None in teams:
        refused = Refused(Why.NOT_A_MEMBER, repository=ask.repository.path)
        raise answer_to(refused)
    return [user for user in people if user is not None], [team for team in teams if team is not None]


def request(ask: Ask) -> Answer:
    """POST."""
    people, teams = _named(ask)
    ask.store.pulls.request_reviewers(ask.pull, ask.me, people, teams)
    return Answer(payload=simple_pull(ask.shapes, ask.pull), status=201)


def remove(ask: Ask) -> Answer:
    """DELETE."""
    ask.required("reviewers", list)
    people, teams = _named(ask)
    ask.store.pulls.remove_reviewers(ask.pull, ask.me, people, teams)
    return Answer(payload=simple_pull(ask.shapes, ask.pull))


_RULE = "/repos/<owner>/<repo>/pulls/<int:number>/requested_reviewers"
_WRITE = "pull_requests=write"
ROUTES = (
    Route(method="GET", rule=_RULE, answer=get, permissions="pull_requests=read"),
    Route(method="POST", rule=_RULE, answer=request, permissions=_WRITE, role=Role.TRIAGE),
    Route(method="DELETE", rule=_RULE, answer=remove, permissions=_WRITE, role=Role.TRIAGE),
)
