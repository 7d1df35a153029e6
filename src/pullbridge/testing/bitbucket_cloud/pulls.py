"""Pull requests: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pullbridge.testing.bitbucket_cloud import bbql, merge_tasks, reviewers
from pullbridge.testing.bitbucket_cloud.asking import Answer, Ask, Route
from pullbridge.testing.bitbucket_cloud.errors import CLOSED, bad_request, invalid, not_found, timed_out
from pullbridge.testing.bitbucket_cloud.pull_shapes import HIDDEN, HIDDEN_IN_LISTS
from pullbridge.testing.store import PullRequest, Refused, Repository, Role, User, Why

Json = dict[str, Any]
STATES = ("OPEN", "MERGED", "DECLINED", "SUPERSEDED")
#: More than fifty are refused: `400 Invalid pagelen`.
MOST = 50

PULLS = "/repositories/<workspace>/<slug>/pullrequests"
PULL = f"{PULLS}/<int:id>"


def answer(ask: Ask, pull: PullRequest, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """One pull request as the whole answer."""
    hidden = HIDDEN if ask.knobs.tells_mergeable else (*HIDDEN, "mergeable")
    return Answer(payload=ask.shapes.pull(pull), status=status, headers=dict(headers or {}), hidden=hidden)


def listed(ask: Ask, pulls: Iterable[PullRequest], status: int = 200) -> Answer:
    """A page of pull requests, the newest first, of the states that are asked for."""
    wanted = _states(ask)
    chosen = [pull for pull in pulls if ask.shapes.state_of(pull) in wanted]
    chosen.sort(key=lambda pull: (pull.created_at, pull.id), reverse=True)
    hidden = HIDDEN_IN_LISTS if ask.knobs.tells_mergeable else (*HIDDEN_IN_LISTS, "mergeable")
    return ask.paged(chosen, ask.shapes.pull, most=MOST, hidden=hidden, status=status)


def _states(ask: Ask) -> tuple[str, ...]:
    """`state=` as often as one likes. Without it: what is open, or all when `q` says a state (unverified)."""
    named = ask.request.args.getlist("state")
    for name in named:
        if name.upper() not in STATES:
            raise bad_request(f"Invalid state: {name}")
    if named:
        return tuple(name.upper() for name in named)
    query = ask.request.args.get("q")
    return STATES if query and "state" in bbql.parse(query).names else ("OPEN",)


def list_pulls(ask: Ask) -> Answer:
    """GET pullrequests."""
    return listed(ask, ask.repository.pulls.values())


def of_person(ask: Ask) -> Answer:
    """GET /workspaces/{workspace}/pullrequests/{user}: those that a person is the author of."""
    owner, user = ask.app.find_workspace(str(ask.values["workspace"])), ask.app.find_user(str(ask.values["user"]))
    if owner is None or user is None:
        raise not_found(f"No such user: {ask.values['user']}")
    seen = [pull for pull in ask.store.pulls.all() if pull.repository.owner is owner and pull.author is user]
    return listed(ask, [pull for pull in seen if ask.app.role(ask.token, pull.repository) >= Role.READ])


def get(ask: Ask) -> Answer:
    """GET pullrequests/{id}."""
    merge_tasks.look(ask.app, ask.pull)
    return answer(ask, ask.pull)


# -- creating ----------------------------------------------------------------------------------------------------------


def create(ask: Ask) -> Answer:
    """POST pullrequests. One that is open between the same branches is changed instead, unless `knobs` say otherwise."""
    title, (source, branch) = _title(ask.body.get("title")), _source(ask)
    target = _branch(ask.body.get("destination"), "destination") or ask.repository.default_branch
    people = reviewers.read(ask, ask.body["reviewers"], ask.me) if ask.body.get("reviewers") else []
    if ask.knobs.default_reviewers:
        people += [user for user in ask.app.default_reviewers.get(ask.repository, []) if user is not ask.me]
    known = ask.store.pulls.open_between(ask.repository, source, branch, target)
    if known is not None:
        return _again(ask, known, title, people)
    pull = _open(ask, title, source, branch, target)
    ask.store.pulls.set_reviewers(pull, ask.me, people)
    ask.app.states.of(pull).close_source_branch = bool(ask.body.get("close_source_branch"))
    return answer(ask, pull, 201, {"Location": ask.shapes.pull_url(pull)})


def _open(ask: Ask, title: str, source: Repository, branch: str, target: str) -> PullRequest:
    try:
        return ask.store.pulls.create(
            ask.repository,
            ask.me,
            title=title,
            source_branch=branch,
            target_branch=target,
            body=_text(ask.body.get("description"), "description"),
            draft=bool(ask.body.get("draft")),
            source=source,
        )
    except Refused as refused:
        field = {Why.SOURCE_MISSING: "source", Why.TARGET_MISSING: "destination"}.get(refused.why)
        if field is None:
            raise
        raise invalid(field, f"branch not found: {refused.facts['branch']}") from refused


def _again(ask: Ask, pull: PullRequest, title: str, people: list[User]) -> Answer:
    """https://github.com/WeblateOrg/weblate (`weblate/vcs/git.py`) and atlassian-python-api say that it is changed."""
    if ask.knobs.duplicate_pulls == "refused":
        raise bad_request("There is already an open pull request between these branches.")
    ask.store.pulls.edit(pull, ask.me, title=title, body=_text(ask.body.get("description"), "description"))
    ask.store.pulls.set_reviewers(pull, ask.me, people)
    return answer(ask, pull, 201, {"Location": ask.shapes.pull_url(pull)})


def _source(ask: Ask) -> tuple[Repository, str]:
    """Where it comes from: another repository must be named, and seen."""
    sent = ask.body.get("source")
    branch = _branch(sent, "source")
    if not branch:
        raise invalid("source", "This field is required.")
    named = (sent or {}).get("repository") or {}
    name = named.get("full_name") if isinstance(named, dict) else None
    if name is None:
        return ask.repository, branch
    workspace, _, slug = str(name).partition("/")
    found = ask.app.find_repository(workspace, slug)
    if found is None or ask.app.role(ask.token, found) < Role.READ:
        raise invalid("source", f"repository not found: {name}")
    return found, branch


def _branch(sent: Any, field: str) -> str | None:
    if sent is None:
        return None
    branch = sent.get("branch") if isinstance(sent, dict) else None
    name = branch.get("name") if isinstance(branch, dict) else None
    if name is not None and not isinstance(name, str):
        raise invalid(field, "Malformed branch")
    return name


def _title(sent: Any) -> str:
    if not isinstance(sent, str) or not sent.strip():
        raise invalid("title", "This field is required.")
    return sent


def _text(sent: Any, field: str) -> str | None:
    if sent is not None and not isinstance(sent, str):
        raise invalid(field, "Not a string.")
    return sent


# -- changing ----------------------------------------------------------------------------------------------------------


def own_or_write(ask: Ask) -> None:
    """Refuse all but the author and those who may write."""
    if ask.pull.author is not ask.me:
        ask.need(Role.WRITE)


def edit(ask: Ask) -> Answer:
    """PUT pullrequests/{id}. Who sends no reviewers removes them: https://github.com/renovatebot/renovate/issues/3253"""
    pull, body = ask.pull, ask.body
    own_or_write(ask)
    if pull.state != "open":
        # "Only open pull requests can be mutated."; the words of the answer are unverified
        raise bad_request("Only open pull requests can be mutated.")
    people = reviewers.read(ask, body.get("reviewers") or [], pull.author)
    title = _title(body["title"]) if "title" in body else None
    more: Json = {"body": _text(body["description"], "description") or ""} if "description" in body else {}
    try:
        ask.store.pulls.edit(
            pull, ask.me, title=title, target_branch=_branch(body.get("destination"), "destination"), **more
        )
    except Refused as refused:
        if refused.why is not Why.TARGET_MISSING:
            raise
        raise invalid("destination", f"branch not found: {refused.facts['branch']}") from refused
    ask.store.pulls.set_reviewers(pull, ask.me, people)
    if isinstance(body.get("draft"), bool) and ask.knobs.draft_by_put:
        ask.store.pulls.set_draft(pull, ask.me, body["draft"])
    if isinstance(body.get("close_source_branch"), bool):
        ask.state.close_source_branch = body["close_source_branch"]
    return answer(ask, pull)


def decline(ask: Ask) -> Answer:
    """POST decline. There is no way back."""
    pull = ask.pull
    own_or_write(ask)
    if ask.knobs.meets("decline_timeouts"):
        raise timed_out()
    if pull.state != "open":
        raise bad_request(CLOSED)
    reason = ask.body.get("reason") or ask.body.get("message") or ""
    ask.state.reason = str(reason)
    ask.store.pulls.close(pull, ask.me)
    return answer(ask, pull)


ROUTES = (
    Route(method="GET", rule=PULLS, answer=list_pulls, scope="pullrequest"),
    Route(
        method="GET",
        rule="/workspaces/<workspace>/pullrequests/<user>",
        answer=of_person,
        scope="pullrequest",
        signed_in=True,
    ),
    Route(method="POST", rule=PULLS, answer=create, scope="pullrequest:write"),
    Route(method="GET", rule=PULL, answer=get, scope="pullrequest"),
    Route(method="PUT", rule=PULL, answer=edit, scope="pullrequest:write"),
    Route(method="POST", rule=f"{PULL}/decline", answer=decline, scope="pullrequest:write"),
)
