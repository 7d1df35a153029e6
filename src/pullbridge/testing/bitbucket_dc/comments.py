"""Comments and tasks: start, reply, list of a file, edit, resolve, delete.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/#api-api-latest-projects-projectkey-repos-repositoryslug-pull-requests-pullrequestid-comments-post
"""

from __future__ import annotations

from typing import Any, get_args

from pullbridge.testing.bitbucket_dc import anchoring, errors, talk
from pullbridge.testing.bitbucket_dc.access import Level
from pullbridge.testing.bitbucket_dc.asking import PULL, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.comment_shapes import THREADS_RESOLVE, shape
from pullbridge.testing.bitbucket_dc.records import Comment, CommentState, Severity

TEXT_LENGTH = 32_768
#: Since when a comment can wait for its review.
PENDING = (7, 7)
#: Since when tasks are comments.
TASKS = (7, 2)


def of(ask: Ask) -> Comment:
    """The comment in the address."""
    number = int(ask.values["comment"])
    found = talk.find(ask.state, number, ask.user)
    if found is None:
        raise errors.no_comment(number)
    return found


# -- starting ----------------------------------------------------------------------------------------------------------


def create(ask: Ask) -> Answer:
    """POST comments."""
    return _create(ask, severity=None)


def create_task(ask: Ask) -> Answer:
    """POST blocker-comments."""
    return _create(ask, severity="BLOCKER")


def _create(ask: Ask, *, severity: Severity | None) -> Answer:
    text = _text(ask)
    parent, anchor = _parent(ask), ask.sent("anchor", dict)
    if parent is not None and anchor is not None:
        anchor = None  # a reply hangs where its thread does
    made = talk.add(
        ask.app,
        ask.pull,
        ask.me,
        text,
        parent=parent,
        anchor=None if anchor is None else anchoring.read(ask, anchor),
        severity=severity or _severity(ask) or "NORMAL",
        said="PENDING" if _asked_state(ask) == "PENDING" else "OPEN",
    )
    return Answer(payload=shape(ask, made), status=201)


def _text(ask: Ask) -> str:
    text = ask.sent("text", str)
    if text is None or not text.strip() or len(text) > TEXT_LENGTH:
        raise errors.invalid("text", f"Please enter a non-empty value less than {TEXT_LENGTH} characters")
    return text


def _parent(ask: Ask) -> Comment | None:
    told = ask.sent("parent", dict)
    number = None if told is None else told.get("id")
    if told is None:
        return None
    found = talk.find(ask.state, number, ask.user) if isinstance(number, int) else None
    if found is None:
        raise errors.no_comment(number if isinstance(number, int) else 0)
    return found


def _severity(ask: Ask) -> Severity | None:
    word: Any = ask.sent("severity", str)
    if word is None or not ask.at_least(*TASKS):
        return None
    if word not in get_args(Severity):
        raise errors.invalid("severity", f"'{word}' is not a valid severity.")
    return word  # type: ignore[no-any-return] # one of its values


def _asked_state(ask: Ask) -> CommentState | None:
    """Older versions take no notice of `PENDING`: the comment is there for all to see."""
    word: Any = ask.sent("state", str)
    if word is None or (word == "PENDING" and not ask.at_least(*PENDING)):
        return None
    if word not in get_args(CommentState):
        raise errors.invalid("state", f"'{word}' is not a valid comment state.")
    return word  # type: ignore[no-any-return] # one of its values


# -- reading -----------------------------------------------------------------------------------------------------------


def get(ask: Ask) -> Answer:
    """GET of one."""
    return Answer(payload=shape(ask, of(ask)))


def of_path(ask: Ask) -> Answer:
    """GET comments: the threads of one file. Without `path`, there are none to be had."""
    path = ask.text("path")
    if path is None:
        raise errors.bad_argument("Please provide a path to a file to list comments for.")
    where = ask.choice("anchorState", ("ACTIVE", "ORPHANED", "ALL"), "ACTIVE")
    kinds = set(ask.request.args.getlist("diffTypes") + ask.request.args.getlist("diffType"))
    states = _states(ask, {"OPEN", "RESOLVED"})
    found = []
    for comment in talk.visible(ask.state, ask.user):
        anchor = comment.anchor
        if anchor is None or anchor.path != path or comment.state not in states:
            continue
        if where in {"ALL", "ORPHANED" if anchor.orphaned else "ACTIVE"} and (not kinds or anchor.diff_type in kinds):
            found.append(comment)
    return ask.paged(found, lambda comment: shape(ask, comment))


def _states(ask: Ask, default: set[str]) -> set[str]:
    asked = ask.request.args.getlist("states") + ask.request.args.getlist("state")
    words = {word.upper() for part in asked for word in part.split(",") if word}
    if words - set(get_args(CommentState)):
        raise errors.bad_argument("A comment's state is OPEN, RESOLVED or PENDING.")
    return words or default


def tasks(ask: Ask) -> Answer:
    """GET blocker-comments: those of the asked states, or how many there are of each."""
    every = [each for each in talk.every(ask.state) if each.severity == "BLOCKER" and talk.sees(each, ask.user)]
    if ask.flag("count"):
        return Answer(payload={state: sum(each.state == state for each in every) for state in get_args(CommentState)})
    states = _states(ask, {"OPEN"})
    return ask.paged([each for each in every if each.state in states], lambda comment: shape(ask, comment))


# -- changing ----------------------------------------------------------------------------------------------------------


def edit(ask: Ask) -> Answer:
    """PUT: the text, what it is (a task or not), whether a task is done, whether the thread is resolved."""
    comment = of(ask)
    version = ask.sent("version", int)
    if version is None:
        raise errors.invalid("version", "The version of the comment must be specified.")
    if version != comment.version:
        raise errors.comment_out_of_date(comment.version, version)
    text = _text(ask) if "text" in ask.body else comment.text
    if text != comment.text and ask.me is not comment.author:
        raise errors.unauthorized()
    if ask.me not in {comment.author, comment.pull.author}:
        ask.need(Level.ADMIN)
    _apply(ask, comment, text)
    return Answer(payload=shape(ask, comment))


def _apply(ask: Ask, comment: Comment, text: str) -> None:
    severity, state, resolved = _severity(ask) or comment.severity, _asked_state(ask), _resolution(ask, comment)
    if state == "RESOLVED" and severity != "BLOCKER":
        raise errors.bad_argument("Only a task can be resolved by its state.")  # the words are unverified
    before = comment.text, comment.severity, comment.state, comment.thread_resolved
    edited = text != comment.text
    comment.text, comment.severity = text, severity
    _move(ask, comment, "OPEN" if severity == "NORMAL" and comment.state == "RESOLVED" else state or comment.state)
    _resolve(ask, comment, resolved)
    if before != (comment.text, comment.severity, comment.state, comment.thread_resolved):
        comment.version += 1
        comment.updated_at = ask.store.now() if edited else comment.updated_at
        _echo(ask, comment, edited=edited)


def _move(ask: Ask, comment: Comment, state: CommentState) -> None:
    """To another state. What everybody has seen does not become pending again."""
    if state in {comment.state, "PENDING"}:
        return
    if comment.pending:
        talk.publish(ask.app, comment)
    comment.state = state
    done = state == "RESOLVED"
    comment.resolved_at, comment.resolver = (ask.store.now(), ask.me) if done else (None, None)


def _echo(ask: Ask, comment: Comment, *, edited: bool) -> None:
    if edited and ask.knobs.comment_echoes:
        ask.app.states.note(ask.state, "COMMENTED", ask.me, commentAction="UPDATED", comment=comment.root)


def _resolution(ask: Ask, comment: Comment) -> bool:
    """Whether the thread shall be resolved. Only its root says so; older versions take no notice."""
    asked = ask.sent("threadResolved", bool)
    if asked is None or not ask.at_least(*THREADS_RESOLVE):
        return comment.thread_resolved
    if comment.parent is not None and asked:
        raise errors.bad_argument("Only the root comment of a thread can be resolved.")  # the words are unverified
    return asked


def _resolve(ask: Ask, comment: Comment, resolved: bool) -> None:
    if resolved != comment.thread_resolved:
        comment.thread_resolved = resolved
        comment.thread_resolved_at = ask.store.now() if resolved else None
        comment.thread_resolver = ask.me if resolved else None


def delete(ask: Ask) -> Answer:
    """DELETE: one's own, or anybody's as an administrator; not what has been answered."""
    comment = of(ask)
    if ask.me is not comment.author:
        ask.need(Level.ADMIN)
    version = ask.number("version")
    if version != comment.version:
        raise errors.comment_out_of_date(comment.version, -1 if version is None else version)
    if comment.replies:
        text = "Comments with replies cannot be deleted."
        raise errors.conflict(text, "comment.CommentDeletionException")
    talk.remove(ask.app, comment)
    return Answer(status=204)


_COMMENTS, _TASKS = f"{PULL}/comments", f"{PULL}/blocker-comments"
ROUTES = (
    Route(method="POST", rule=_COMMENTS, answer=create),
    Route(method="GET", rule=_COMMENTS, answer=of_path),
    Route(method="GET", rule=f"{_COMMENTS}/<int:comment>", answer=get),
    Route(method="PUT", rule=f"{_COMMENTS}/<int:comment>", answer=edit),
    Route(method="DELETE", rule=f"{_COMMENTS}/<int:comment>", answer=delete),
    Route(method="POST", rule=_TASKS, answer=create_task, since=TASKS),
    Route(method="GET", rule=_TASKS, answer=tasks, since=TASKS),
    Route(method="GET", rule=f"{_TASKS}/<int:comment>", answer=get, since=TASKS),
    Route(method="PUT", rule=f"{_TASKS}/<int:comment>", answer=edit, since=TASKS),
    Route(method="DELETE", rule=f"{_TASKS}/<int:comment>", answer=delete, since=TASKS),
)
