"""Merge requests: https://docs.gitlab.com/api/merge_requests/"""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.drafts import is_draft, without_prefix
from pullbridge.testing.gitlab.errors import ApiError, conflict, forbidden, invalid, not_found, problem, unprocessable
from pullbridge.testing.gitlab.mergeability import standing
from pullbridge.testing.gitlab.pull_fields import set_fields
from pullbridge.testing.gitlab.pull_shapes import full_pull
from pullbridge.testing.gitlab.roles import DEVELOPER, OWNER, level_of, sees
from pullbridge.testing.gitlab.talk import talk_of
from pullbridge.testing.store import KEEP, PullRequest, Refused, Repository, User, Why

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App

#: Of these an edit must have one: `lib/api/merge_requests.rb`.
EDITABLE = (
    "assignee_id",
    "assignee_ids",
    "reviewer_ids",
    "description",
    "labels",
    "add_labels",
    "remove_labels",
    "milestone_id",
    "milestone",
    "remove_source_branch",
    "allow_collaboration",
    "allow_maintainer_to_push",
    "squash",
    "target_branch",
    "title",
    "state_event",
    "discussion_locked",
    "merge_after",
)
MOST_TITLE = 255
SAME_BRANCH = "You can't use same project/branch for source and target"


def shown(ask: Ask, pull: PullRequest, *, counts: bool = False) -> dict[str, object]:
    """A merge request by itself; a read `counts`."""
    if counts:
        ask.app.states.read(pull)
    payload = full_pull(ask.shapes, pull, standing(ask.app, pull, counts=counts))
    if ask.flag("render_html"):
        payload["title_html"] = pull.title
        payload["description_html"] = f"<p>{pull.body}</p>" if pull.body else ""
    if ask.flag("include_diverged_commits_count"):
        payload["diverged_commits_count"] = ask.store.merging.behind(pull)
    if ask.flag("include_rebase_in_progress"):
        payload["rebase_in_progress"] = ask.app.states.of(pull).rebasing > 0
    return payload


def get(ask: Ask) -> Answer:
    """GET. Each read brings what is going on in the background nearer its end."""
    return Answer(payload=shown(ask, ask.pull, counts=True))


# -- making ------------------------------------------------------------------------------------------------------------


def _target(ask: Ask) -> Repository:
    number = ask.number("target_project_id")
    if number is None:
        return ask.project
    found = ask.store.find(Repository, number)
    if found is None or found.deleted or not sees(ask.store, ask.user, found):
        raise not_found("Project")
    if found.git.shared is not ask.project.git.shared:
        raise unprocessable(["Source project is not a fork of the target project"])
    return found


def create(ask: Ask) -> Answer:
    """POST, on the project that the commits come from."""
    ask.need("title", "source_branch", "target_branch")
    ask.need_level(DEVELOPER)
    target, title = _target(ask), _title(ask.text("title") or "")
    source_branch, target_branch = ask.text("source_branch") or "", ask.text("target_branch") or ""
    if target is ask.project and source_branch == target_branch:
        raise unprocessable([SAME_BRANCH])
    try:
        pull = ask.store.pulls.create(
            target,
            ask.me,
            title=title,
            body=ask.text("description"),
            source=ask.project,
            source_branch=source_branch,
            target_branch=target_branch,
            draft=is_draft(title, ask.app.version),
            empty=True,
        )
    except Refused as refused:
        raise branches_refused(refused) from refused
    ask.app.states.of(pull).remove_source = target.delete_branch_on_merge or None
    set_fields(ask, pull)
    return Answer(payload=shown(ask, pull), status=201)


def branches_refused(refused: Refused) -> ApiError:
    """What is wrong with the branches of a merge request."""
    if refused.why is Why.PULL_EXISTS:
        text = f"Another open merge request already exists for this source branch: !{refused.facts['number']}"
        return conflict([text])
    if refused.why in {Why.UNRELATED, Why.NO_COMMITS}:  # GitLab may well make one without a diff; the store has none
        return unprocessable(["Source and target branch have no history in common"])
    field = "target_branch" if refused.why is Why.TARGET_MISSING else "source_branch"
    # seen for the source branch: https://github.com/yaoyuannnn/gerritlab/pull/87
    return invalid(**{field: "does not exist"})


# -- changing ----------------------------------------------------------------------------------------------------------


def _title(given: str) -> str:
    """`validates :title` of app/models/concerns/issuable.rb."""
    title = given.strip()
    if not title:
        raise invalid(title="can't be blank")
    if len(title) > MOST_TITLE:
        raise invalid(title=f"is too long (maximum is {MOST_TITLE} characters)")
    return title


def edit(ask: Ask) -> Answer:
    """PUT: the title (with the prefix that makes it a draft), the text, the target, the state, people, labels …"""
    pull = ask.pull
    ask.need_one(*EDITABLE)
    if ask.level < DEVELOPER and ask.me is not pull.author and ask.me not in pull.assignees:
        raise forbidden()
    event = ask.choice("state_event", ("close", "reopen"))
    title, target = ask.filled("title"), ask.filled("target_branch")
    body = ask.text("description") if ask.given("description") else KEEP
    if target is not None and pull.state == "open":
        _retarget(ask, pull, target)
    if title is not None:
        retitle(ask.app, ask.me, pull, _title(title))
    ask.store.pulls.edit(pull, ask.me, body=body)
    set_fields(ask, pull)
    if ask.given("discussion_locked"):
        _lock(ask, pull, locked=bool(ask.flag("discussion_locked")))
    if event is not None:
        _move(ask, pull, event)
    return Answer(payload=shown(ask, pull))


def _retarget(ask: Ask, pull: PullRequest, target: str) -> None:
    if pull.source is pull.repository and target == pull.source_branch:
        raise unprocessable([SAME_BRANCH])
    try:
        ask.store.pulls.edit(pull, ask.me, target_branch=target, empty=True)
    except Refused as refused:
        raise branches_refused(refused) from refused


def retitle(app: App, user: User, pull: PullRequest, title: str) -> None:
    """Give it a title; when that changes nothing but the prefix for drafts, nothing but that is told of."""
    version, store = app.version, app.store
    draft = is_draft(title, version)
    turned = draft != pull.draft
    if turned:
        pull.draft = draft
        store.pulls.record(pull, "draft" if draft else "ready", user)
    if without_prefix(title, version) == without_prefix(pull.title, version):
        pull.title = title
    else:
        store.pulls.edit(pull, user, title=title)
    if turned:
        store.merging.retry_auto_merge(pull)


def _lock(ask: Ask, pull: PullRequest, *, locked: bool) -> None:
    ask.need_level(DEVELOPER)
    if locked and not pull.locked:
        ask.store.pulls.lock(pull, ask.me)
    elif pull.locked and not locked:
        ask.store.pulls.unlock(pull, ask.me)


def _move(ask: Ask, pull: PullRequest, event: str) -> None:
    """Close or reopen it. What cannot be moved stays as it is, and nothing is said."""
    if event == "close":
        ask.store.pulls.close(pull, ask.me)
        return
    try:
        ask.store.pulls.reopen(pull, ask.me)
    except Refused as refused:
        if refused.why is Why.PULL_EXISTS:
            raise branches_refused(refused) from refused


def delete(ask: Ask) -> Answer:
    """DELETE: for owners alone."""
    pull = ask.pull
    if level_of(ask.store, ask.user, pull.repository) < OWNER:
        raise forbidden()
    since = ask.request.headers.get("If-Unmodified-Since")
    if since and pull.updated_at.replace(microsecond=0) > parsedate_to_datetime(since).replace(tzinfo=UTC):
        raise problem(412, "412 Precondition Failed")
    ask.store.pulls.delete(pull)
    return Answer(status=204)


# -- around it ---------------------------------------------------------------------------------------------------------


def participants(ask: Ask) -> Answer:
    """GET participants."""
    pull = ask.pull
    writers = [note.author for note in talk_of(ask.app, pull).notes if not note.system]
    people = [pull.author, *pull.assignees, *pull.requested_reviewers, *writers]
    return ask.paged([user for user in dict.fromkeys(people) if not user.deleted], ask.shapes.user)


def commits(ask: Ask) -> Answer:
    """GET commits: newest first, those of the newest diff that was made."""
    pull, state = ask.pull, ask.state
    found = pull.repository.git.between(state.base, state.head) if state.prepared else ()
    return ask.paged(found[::-1], lambda commit: ask.shapes.commit(pull.repository, commit))


def subscribe(ask: Ask) -> Answer:
    """POST subscribe: 304 when one is already."""
    return _subscription(ask, wanted=True)


def unsubscribe(ask: Ask) -> Answer:
    """POST unsubscribe: 304 when one is not."""
    return _subscription(ask, wanted=False)


def _subscription(ask: Ask, *, wanted: bool) -> Answer:
    pull = ask.pull
    if ask.app.subscribed(pull, ask.me) == wanted:
        return Answer(status=304)
    pull.subscriptions[ask.me] = "subscribed" if wanted else "unsubscribed"
    return Answer(payload=shown(ask, pull), status=201)


_PULLS = "/projects/<project>/merge_requests"
_ONE = f"{_PULLS}/<int:iid>"
_READ = "read_merge_request"
ROUTES = (
    Route(method="POST", rule=_PULLS, answer=create, permission="create_merge_request"),
    Route(method="GET", rule=_ONE, answer=get, permission=_READ, scopes=("job",)),
    Route(method="PUT", rule=_ONE, answer=edit, permission="update_merge_request"),
    Route(method="DELETE", rule=_ONE, answer=delete, permission="delete_merge_request"),
    Route(method="GET", rule=f"{_ONE}/participants", answer=participants, permission=f"{_READ}_participant"),
    Route(method="GET", rule=f"{_ONE}/commits", answer=commits, permission=f"{_READ}_commit"),
    Route(method="POST", rule=f"{_ONE}/subscribe", answer=subscribe, permission="update_merge_request_subscription"),
    Route(
        method="POST", rule=f"{_ONE}/unsubscribe", answer=unsubscribe, permission="update_merge_request_subscription"
    ),
)
