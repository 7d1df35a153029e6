"""Pull requests: create, get, edit, decline, reopen, delete.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/
"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level, level_of_user, person_of
from pullbridge.testing.bitbucket_dc.asking import PULL, REPO, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.shapes import hierarchy
from pullbridge.testing.bitbucket_dc.versions import check_version, illegal_state
from pullbridge.testing.store import KEEP, PullRequest, Refused, Repository, User, Why

TITLE_LENGTH = 255
TEXT_LENGTH = 32_768


def shown(ask: Ask, pull: PullRequest) -> Answer:
    """A pull request as an answer."""
    return Answer(payload=ask.shapes.pull(pull))


def get(ask: Ask) -> Answer:
    """GET of one."""
    return shown(ask, ask.pull)


# -- creating ----------------------------------------------------------------------------------------------------------


def create(ask: Ask) -> Answer:
    """POST: from a branch or a tag, of this repository or another of its hierarchy, to a branch."""
    title, text = _title(ask), _text(ask)
    source, source_name = _end(ask, "fromRef")
    target, target_name = _end(ask, "toRef")
    if target is not ask.repository:
        raise errors.invalid("toRef", "The target repository must be the repository of the address.")
    if hierarchy(source) != hierarchy(target):
        text_ = "Pull requests can only be created between repositories of the same hierarchy."
        raise errors.bad_argument(text_)
    ask.need(Level.READ, source)
    reviewers = reviewers_of(ask, author=ask.me)
    branch, tagged = _short(source_name), _tagged(source, source_name)
    if tagged is None and source is target and branch == _short(target_name):
        text_ = "A pull request cannot be created from a branch to itself."
        raise errors.conflict(text_, "pull.InvalidPullRequestTargetException")
    try:
        pull = ask.store.pulls.create(
            target,
            ask.me,
            title=title,
            source_branch=branch,
            target_branch=_short(target_name),
            body=text,
            draft=bool(ask.sent("draft", bool)) and ask.at_least(8, 18),
            source=source,
            source_commit=tagged,
        )
    except Refused as refused:
        raise _branches_refused(ask, refused, source) from refused
    ask.app.states.of(pull).source_ref = source_name
    pull.requested_reviewers = list(reviewers or ())
    for user in pull.requested_reviewers:
        ask.app.states.of(pull).joined(user)
    return Answer(payload=ask.shapes.pull(pull), status=201)


def _title(ask: Ask) -> str:
    title = ask.sent("title", str)
    if not title or not title.strip():
        raise errors.invalid("title", "The title is required.")
    if len(title) > TITLE_LENGTH:
        raise errors.invalid("title", f"The title cannot be longer than {TITLE_LENGTH} characters.")
    return title


def _text(ask: Ask) -> str | None:
    text = ask.sent("description", str)
    if text is not None and len(text) > TEXT_LENGTH:
        raise errors.invalid("description", f"The description cannot be longer than {TEXT_LENGTH} characters.")
    return text


def _end(ask: Ask, name: str) -> tuple[Repository, str]:
    """One end of a pull request: a repository, and the full name of a branch or tag in it."""
    end = ask.sent(name, dict)
    ref = None if end is None else end.get("id")
    if end is None or not isinstance(ref, str) or not ref:
        raise errors.invalid(f"{name}.id", f"{name}.id is required.")
    told = end.get("repository")
    repository = ask.repository if not isinstance(told, dict) else _named(ask, told)
    return repository, ref if ref.startswith("refs/") else f"refs/heads/{ref}"


def _named(ask: Ask, told: dict[str, Any]) -> Repository:
    project = told.get("project")
    key = str(project.get("key", "")) if isinstance(project, dict) else ""
    slug = str(told.get("slug", ""))
    number = told.get("id")
    found = ask.app.find(key, slug) if key and slug else None
    if found is None and isinstance(number, int):
        found = ask.store.find(Repository, number)
    if found is None or ask.level_in(found) is Level.NONE:
        raise errors.no_repository(key, slug)
    return found


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/").removeprefix("refs/tags/")


def _tagged(source: Repository, ref: str) -> str | None:
    """The commit that a tag points at; `None` for a branch."""
    if not ref.startswith("refs/tags/"):
        return None
    found = source.git.ref(ref)
    if found is None:
        raise errors.no_branch(ref, source.name)
    return found


def _branches_refused(ask: Ask, refused: Refused, source: Repository) -> errors.ApiError:
    """https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/#api-api-latest-projects-projectkey-repos-repositoryslug-pull-requests-post"""
    facts = refused.facts
    if refused.why in {Why.SOURCE_MISSING, Why.TARGET_MISSING}:
        home = source if refused.why is Why.SOURCE_MISSING else ask.repository
        return errors.no_branch(f"refs/heads/{facts['branch']}", home.name)
    if refused.why is Why.PULL_EXISTS:
        existing = ask.repository.pulls[int(str(facts["number"]))]
        text = "Only one pull request may be open for a given source and target branch"
        exception = "pull.DuplicatePullRequestException"
        return errors.conflict(text, exception, existingPullRequest=ask.shapes.pull(existing))
    if refused.why in {Why.NO_COMMITS, Why.UNRELATED}:
        text = f"{facts.get('target')} is already up-to-date with branch {facts.get('source')}"
        return errors.conflict(f"Branch {text}.", "pull.EmptyPullRequestException")
    return errors.conflict(str(refused), "pull.IllegalPullRequestStateException")


# -- reviewers ---------------------------------------------------------------------------------------------------------


def reviewers_of(ask: Ask, *, author: User) -> list[User] | None:
    """The people in `reviewers`, `None` when nothing was said; who cannot be one sinks the whole request: 409."""
    told = ask.body.get("reviewers")
    if told is None:
        return None
    if not isinstance(told, list):
        raise errors.invalid("reviewers", "Unable to read reviewers as list.")
    found: list[User] = []
    problems: list[dict[str, Any]] = []
    for entry in told:
        name = _name_in(entry)
        user = person_of(ask.store, name)
        said = _not_a_reviewer(ask, name, user, author)
        if user is None or said:
            problems.append(errors.message(said or "", context=name))
        else:
            found.append(user)
    if problems:
        valid = [ask.shapes.user(user) for user in found]
        text = "Errors encountered while adding some reviewers to this pull request."
        exception = "pull.InvalidPullRequestReviewersException"
        more = {"reviewerErrors": problems, "validReviewers": valid}
        raise errors.problem(409, text, exception, "reviewers", **more)
    return list(dict.fromkeys(found))


def _name_in(entry: object) -> str:
    user = entry.get("user") if isinstance(entry, dict) else None
    name = user.get("name") if isinstance(user, dict) else None
    if not isinstance(name, str) or not name:
        raise errors.invalid("reviewers", "A reviewer's username must be specified.")
    return name


def _not_a_reviewer(ask: Ask, name: str, user: User | None, author: User) -> str | None:
    """https://github.com/renovatebot/renovate/blob/main/lib/modules/platform/bitbucket-server/index.spec.ts"""
    if user is None:
        return f"{name} is not a user."
    if user is author:
        return f"{name} is the author of the pull request and cannot be a reviewer."
    if level_of_user(ask.store, user, ask.repository) < Level.READ:
        return f"{name} does not have permission to view the repository."
    return None


# -- editing -----------------------------------------------------------------------------------------------------------


def may_edit(ask: Ask) -> None:
    """Refuse everybody but the author and who may write."""
    if ask.me is not ask.pull.author:
        ask.need(Level.WRITE)


def edit(ask: Ask) -> Answer:
    """PUT: what is not sent of title, description, draft and target stays; reviewers who are not sent are gone."""
    pull = ask.pull
    may_edit(ask)
    if ask.sent("version", int) is None:
        raise errors.bad_argument("The version attribute of the pull request must be specified.")
    check_version(ask)
    title = _title(ask) if "title" in ask.body else None
    body = (_text(ask) or None) if "description" in ask.body else KEEP
    reviewers = reviewers_of(ask, author=pull.author) or []
    target, draft = _new_target(ask, pull), _new_draft(ask, pull)
    if pull.state != "open" and (target is not None or draft is not None):
        raise illegal_state(pull, "This pull request has already been {0} and cannot be updated.")
    try:
        ask.store.pulls.edit(pull, ask.me, title=title, body=body, target_branch=target)
    except Refused as refused:
        raise _branches_refused(ask, refused, pull.source) from refused
    ask.store.pulls.set_reviewers(pull, ask.me, reviewers)
    if draft is not None:
        ask.store.pulls.set_draft(pull, ask.me, draft)
    _bump(ask, pull)
    return shown(ask, pull)


def _new_draft(ask: Ask, pull: PullRequest) -> bool | None:
    """Another draft status than it has. To name the one that it has is no change, and allowed when it is closed."""
    draft = ask.sent("draft", bool)
    return draft if ask.at_least(8, 18) and draft not in {None, pull.draft} else None


def _bump(ask: Ask, pull: PullRequest) -> None:
    """Even an update that changes nothing makes a new version (unverified)."""
    state = ask.app.states
    before = state.peek(pull).version
    if state.of(pull).version == before:
        state.of(pull).version += 1


def _new_target(ask: Ask, pull: PullRequest) -> str | None:
    told = ask.sent("toRef", dict)
    if told is None:
        return None
    ref = told.get("id")
    if not isinstance(ref, str) or not ref:
        raise errors.invalid("toRef.id", "The toRef ID cannot be blank.")
    target = _short(ref)
    if target == pull.target_branch:
        return None
    if target == pull.source_branch and pull.source is pull.repository:
        text = "A pull request cannot be from a branch to itself."
        raise errors.conflict(text, "pull.InvalidPullRequestTargetException")
    return target


# -- closing and opening -----------------------------------------------------------------------------------------------


def decline(ask: Ask) -> Answer:
    """POST decline, with a comment if one is sent."""
    pull = ask.pull
    may_edit(ask)
    if pull.state != "open":
        raise illegal_state(pull, "This pull request has already been {0}.")
    check_version(ask)
    text = ask.sent("comment", str)
    if text and text.strip():
        ask.app.say(pull, ask.me, text)
    ask.store.pulls.close(pull, ask.me)
    return shown(ask, pull)


def reopen(ask: Ask) -> Answer:
    """POST reopen: a declined one."""
    pull = ask.pull
    may_edit(ask)
    if pull.state != "closed":
        raise illegal_state(pull, "This pull request is {0} and cannot be reopened.")
    check_version(ask)
    try:
        ask.store.pulls.reopen(pull, ask.me)
    except Refused as refused:
        raise _branches_refused(ask, refused, pull.source) from refused
    return shown(ask, pull)


def delete(ask: Ask) -> Answer:
    """DELETE: for the author, if the instance lets authors, and for administrators."""
    pull = ask.pull
    own = ask.me is pull.author and ask.knobs.authors_delete and pull.state != "merged"
    if not own:
        ask.need(Level.ADMIN)
    if ask.sent("version", int) is None:  # in the body: the query is not read
        raise errors.bad_argument("The version attribute of the pull request must be specified.")
    check_version(ask)
    ask.store.pulls.delete(pull)
    ask.app.states.forget(pull)
    return Answer(status=204)


ROUTES = (
    Route(method="POST", rule=f"{REPO}/pull-requests", answer=create),
    Route(method="GET", rule=PULL, answer=get),
    Route(method="PUT", rule=PULL, answer=edit),
    Route(method="DELETE", rule=PULL, answer=delete),
    Route(method="POST", rule=f"{PULL}/decline", answer=decline),
    Route(method="POST", rule=f"{PULL}/reopen", answer=reopen),
)
