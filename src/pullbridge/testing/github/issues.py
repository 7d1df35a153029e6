"""A pull request as an issue: comments, labels, assignees, reactions, locks.

https://docs.github.com/en/rest/issues. Either `issues` or `pull_requests` permits these.
"""

from __future__ import annotations

from pullbridge.testing.github.asking import NO_CONTENT, Answer, Ask, Route
from pullbridge.testing.github.comments import check_may_comment
from pullbridge.testing.github.errors import ApiError, invalid, not_found
from pullbridge.testing.github.pull_shapes import REACTIONS, issue, issue_comment, reaction
from pullbridge.testing.store import KEEP, Comment, Label, PullRequest, Reactable, Reaction, ReviewComment, Role, User

# -- the issue ---------------------------------------------------------------------------------------------------------


def get(ask: Ask) -> Answer:
    """GET issues/{number}."""
    return Answer(payload=issue(ask.shapes, ask.pull))


def edit(ask: Ask) -> Answer:
    """PATCH issues/{number}: title, body, state; labels, assignees and milestone for those who may triage."""
    pull, pulls = ask.pull, ask.store.pulls
    if pull.author is not ask.me and not ask.role(Role.TRIAGE):
        raise ApiError(403, "Must have triage access to Repository.")
    body = ask.sent("body", str) if "body" in ask.body else KEEP
    title = ask.sent("title", str)
    pulls.edit(pull, ask.me, title=title, body=body)
    state = ask.sent("state", str)
    if state == "closed":
        pulls.close(pull, ask.me)
    elif state == "open":
        pulls.reopen(pull, ask.me)
    if ask.role(Role.TRIAGE):
        _edit_lists(ask, pull)
    return Answer(payload=issue(ask.shapes, pull))


def _edit_lists(ask: Ask, pull: PullRequest) -> None:
    labels, assignees = ask.strings("labels"), ask.strings("assignees")
    if labels is not None:
        ask.store.pulls.set_labels(pull, ask.me, _labels(ask, labels))
    if assignees is not None:
        ask.store.pulls.set_assignees(pull, ask.me, _people(ask, assignees))
    if "milestone" in ask.body:
        number = ask.sent("milestone", int)
        milestone = None if number is None else ask.repository.milestones.get(number)
        if number is not None and milestone is None:
            raise invalid("Issue", "milestone")
        ask.store.pulls.set_milestone(pull, ask.me, milestone)


# -- comments ----------------------------------------------------------------------------------------------------------


def list_comments(ask: Ask) -> Answer:
    """GET issues/{number}/comments, oldest first."""
    return ask.paged(ask.pull.comments, lambda found: issue_comment(ask.shapes, found))


def comment(ask: Ask) -> Answer:
    """POST issues/{number}/comments."""
    check_may_comment(ask, ask.pull)
    made = ask.store.pulls.comment(ask.pull, ask.me, ask.required("body", str))
    shown = issue_comment(ask.shapes, made)
    return Answer(payload=shown, status=201, headers={"Location": str(shown["url"])})


def _comment(ask: Ask, *, change: bool = False) -> Comment:
    found = ask.record(Comment)
    if found.pull.repository is not ask.repository:
        raise not_found()
    if change and found.author is not ask.me and not ask.role(Role.WRITE):
        raise ApiError(403, "Must have write access to Repository.")
    return found


def get_comment(ask: Ask) -> Answer:
    """GET issues/comments/{id}."""
    return Answer(payload=issue_comment(ask.shapes, _comment(ask)))


def edit_comment(ask: Ask) -> Answer:
    """PATCH issues/comments/{id}."""
    found = _comment(ask, change=True)
    ask.store.pulls.edit_comment(found, ask.required("body", str))
    return Answer(payload=issue_comment(ask.shapes, found))


def delete_comment(ask: Ask) -> Answer:
    """DELETE issues/comments/{id}."""
    ask.store.pulls.delete_comment(_comment(ask, change=True))
    return Answer(status=NO_CONTENT)


# -- labels ------------------------------------------------------------------------------------------------------------


def _labels(ask: Ask, names: list[str]) -> list[Label]:
    """Labels by name. One that does not exist yet is made, as GitHub does."""
    return [ask.store.repositories.label(ask.repository, name) for name in names]


def _shown(ask: Ask, pull: PullRequest) -> Answer:
    return Answer(payload=[ask.shapes.label(ask.repository, label) for label in pull.labels])


def repository_labels(ask: Ask) -> Answer:
    """GET labels."""
    found = sorted(ask.repository.labels.values(), key=lambda label: label.name)
    return ask.paged(found, lambda label: ask.shapes.label(ask.repository, label))


def create_label(ask: Ask) -> Answer:
    """POST labels."""
    name = ask.required("name", str)
    if name.lower() in ask.repository.labels:
        raise invalid("Label", "name", "already_exists")
    color = (ask.sent("color", str) or "ededed").lstrip("#")
    made = ask.store.repositories.label(ask.repository, name, color, ask.sent("description", str))
    return Answer(payload=ask.shapes.label(ask.repository, made), status=201)


def list_labels(ask: Ask) -> Answer:
    """GET issues/{number}/labels."""
    return ask.paged(ask.pull.labels, lambda label: ask.shapes.label(ask.repository, label))


def add_labels(ask: Ask) -> Answer:
    """POST issues/{number}/labels."""
    pull = ask.pull
    added = _labels(ask, ask.strings("labels") or [])
    ask.store.pulls.set_labels(pull, ask.me, [*pull.labels, *added])
    return _shown(ask, pull)


def set_labels(ask: Ask) -> Answer:
    """PUT issues/{number}/labels."""
    ask.store.pulls.set_labels(ask.pull, ask.me, _labels(ask, ask.strings("labels") or []))
    return _shown(ask, ask.pull)


def clear_labels(ask: Ask) -> Answer:
    """DELETE issues/{number}/labels."""
    ask.store.pulls.set_labels(ask.pull, ask.me, [])
    return Answer(status=NO_CONTENT)


def remove_label(ask: Ask) -> Answer:
    """DELETE issues/{number}/labels/{name}."""
    pull, name = ask.pull, str(ask.values["name"]).lower()
    kept = [label for label in pull.labels if label.name.lower() != name]
    if len(kept) == len(pull.labels):
        raise ApiError(404, "Label does not exist")
    ask.store.pulls.set_labels(pull, ask.me, kept)
    return _shown(ask, pull)


# -- assignees, locks --------------------------------------------------------------------------------------------------


def _people(ask: Ask, handles: list[str]) -> list[User]:
    """The people who may be assigned; other names are passed over, as GitHub does."""
    found = [ask.store.people.find(handle) for handle in handles]
    role = ask.store.people.role
    return [user for user in found if user is not None and role(user, ask.repository) >= Role.TRIAGE]


def assign(ask: Ask) -> Answer:
    """POST issues/{number}/assignees."""
    pull = ask.pull
    ask.store.pulls.set_assignees(pull, ask.me, [*pull.assignees, *_people(ask, ask.strings("assignees") or [])])
    return Answer(payload=issue(ask.shapes, pull), status=201)


def unassign(ask: Ask) -> Answer:
    """DELETE issues/{number}/assignees."""
    pull, gone = ask.pull, {handle.lower() for handle in ask.strings("assignees") or []}
    ask.store.pulls.set_assignees(pull, ask.me, [user for user in pull.assignees if user.handle.lower() not in gone])
    return Answer(payload=issue(ask.shapes, pull))


def lock(ask: Ask) -> Answer:
    """PUT issues/{number}/lock."""
    ask.store.pulls.lock(ask.pull, ask.me, ask.sent("lock_reason", str))
    return Answer(status=NO_CONTENT)


def unlock(ask: Ask) -> Answer:
    """DELETE issues/{number}/lock."""
    ask.store.pulls.unlock(ask.pull, ask.me)
    return Answer(status=NO_CONTENT)


# -- reactions: https://docs.github.com/en/rest/reactions/reactions ----------------------------------------------------


def _subject(ask: Ask) -> Reactable:
    if "number" in ask.values:
        return ask.pull
    kind: type[Comment | ReviewComment] = ReviewComment if "/pulls/" in ask.request.path else Comment
    return ask.record(kind)


def list_reactions(ask: Ask) -> Answer:
    """GET reactions."""
    wanted = ask.query("content")
    found = [r for r in _subject(ask).reactions if wanted in {"", r.content}]
    return ask.paged(found, lambda one: reaction(ask.shapes, one))


def react(ask: Ask) -> Answer:
    """POST reactions: 200 when it was there already."""
    content = ask.required("content", str)
    if content not in REACTIONS:
        raise ApiError(422, f"Invalid request.\n\nFor 'properties/content', {content} is not a member of the enum.")
    made, new = ask.store.pulls.react(_subject(ask), ask.me, content)
    return Answer(payload=reaction(ask.shapes, made), status=201 if new else 200)


def unreact(ask: Ask) -> Answer:
    """DELETE reactions/{id}: one's own."""
    subject, found = _subject(ask), ask.record(Reaction, "reaction")
    if found not in subject.reactions or found.user is not ask.me:
        raise not_found()
    ask.store.pulls.unreact(subject, found)
    return Answer(status=NO_CONTENT)


_REPO = "/repos/<owner>/<repo>"
_ISSUE = f"{_REPO}/issues/<int:number>"
_COMMENT = f"{_REPO}/issues/comments/<int:id>"
_INLINE = f"{_REPO}/pulls/comments/<int:id>"
_READ, _WRITE = "issues=read; pull_requests=read", "issues=write; pull_requests=write"


def _reaction_routes(rule: str, read: str, write: str) -> tuple[Route, ...]:
    return (
        Route(method="GET", rule=f"{rule}/reactions", answer=list_reactions, permissions=read),
        Route(method="POST", rule=f"{rule}/reactions", answer=react, permissions=write),
        Route(method="DELETE", rule=f"{rule}/reactions/<int:reaction>", answer=unreact, permissions=write),
    )


ROUTES = (
    Route(method="GET", rule=_ISSUE, answer=get, permissions=_READ),
    Route(method="PATCH", rule=_ISSUE, answer=edit, permissions=_WRITE),
    Route(method="GET", rule=f"{_ISSUE}/comments", answer=list_comments, permissions=_READ),
    Route(method="POST", rule=f"{_ISSUE}/comments", answer=comment, permissions=_WRITE),
    Route(method="GET", rule=_COMMENT, answer=get_comment, permissions=_READ),
    Route(method="PATCH", rule=_COMMENT, answer=edit_comment, permissions=_WRITE),
    Route(method="DELETE", rule=_COMMENT, answer=delete_comment, permissions=_WRITE),
    Route(method="GET", rule=f"{_REPO}/labels", answer=repository_labels, permissions=_READ),
    Route(method="POST", rule=f"{_REPO}/labels", answer=create_label, permissions=_WRITE, role=Role.WRITE),
    Route(method="GET", rule=f"{_ISSUE}/labels", answer=list_labels, permissions=_READ),
    Route(method="POST", rule=f"{_ISSUE}/labels", answer=add_labels, permissions=_WRITE, role=Role.TRIAGE),
    Route(method="PUT", rule=f"{_ISSUE}/labels", answer=set_labels, permissions=_WRITE, role=Role.TRIAGE),
    Route(method="DELETE", rule=f"{_ISSUE}/labels", answer=clear_labels, permissions=_WRITE, role=Role.TRIAGE),
    Route(method="DELETE", rule=f"{_ISSUE}/labels/<name>", answer=remove_label, permissions=_WRITE, role=Role.TRIAGE),
    Route(method="POST", rule=f"{_ISSUE}/assignees", answer=assign, permissions=_WRITE, role=Role.TRIAGE),
    Route(method="DELETE", rule=f"{_ISSUE}/assignees", answer=unassign, permissions=_WRITE, role=Role.TRIAGE),
    Route(method="PUT", rule=f"{_ISSUE}/lock", answer=lock, permissions=_WRITE, role=Role.WRITE),
    Route(method="DELETE", rule=f"{_ISSUE}/lock", answer=unlock, permissions=_WRITE, role=Role.WRITE),
    *_reaction_routes(_ISSUE, _READ, _WRITE),
    *_reaction_routes(_COMMENT, _READ, _WRITE),
    # reactions on inline comments need pull_requests (unverified)
    *_reaction_routes(_INLINE, "pull_requests=read", "pull_requests=write"),
)
