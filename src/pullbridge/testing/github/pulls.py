"""Pull requests: https://docs.github.com/en/rest/pulls/pulls"""

from __future__ import annotations

from pullbridge.testing.github.asking import Answer, Ask, Route
from pullbridge.testing.github.errors import ApiError, answer_to, invalid
from pullbridge.testing.github.files import diff_answer
from pullbridge.testing.github.pull_shapes import full_pull, pull_url, simple_pull
from pullbridge.testing.store import KEEP, PullRequest, Refused, Repository, Role, Why

READS, WRITES = "pull_requests=read", "pull_requests=write"


def list_pulls(ask: Ask) -> Answer:
    """GET: newest first unless told otherwise."""
    state, head, base = ask.query("state", "open"), ask.query("head"), ask.query("base")
    if state not in {"open", "closed", "all"}:
        raise invalid("PullRequest", "state")
    found = [
        pull
        for pull in ask.repository.pulls.values()
        if (state == "all" or (pull.state == "open") == (state == "open"))
        # without the owner's name before a colon, GitHub ignores the filter
        and (":" not in head or head == f"{pull.source.owner.handle}:{pull.source_branch}")
        and (not base or base == pull.target_branch)
    ]
    sort = ask.query("sort", "created")
    descending = ask.query("direction", "desc" if sort == "created" else "asc") == "desc"
    found.sort(key=lambda pull: _sort_key(pull, sort), reverse=descending)
    return ask.paged(found, lambda pull: simple_pull(ask.shapes, pull))


def _sort_key(pull: PullRequest, sort: str) -> tuple[object, ...]:
    if sort == "updated":
        return (pull.updated_at, pull.number)
    if sort in {"popularity", "long-running"}:
        return (len(pull.comments) + len(pull.threads), pull.number)
    return (pull.created_at, pull.number)


def _source(ask: Ask, head: str) -> tuple[Repository, str]:
    """The repository and branch that `head` names: `branch`, `owner:branch`, or with `head_repo` besides."""
    owner, colon, branch = head.rpartition(":")
    named = ask.sent("head_repo", str)
    if named is not None:
        path = named if "/" in named else f"{owner or ask.repository.owner.handle}/{named}"
        found = ask.store.repositories.find(path)
    elif colon and owner.lower() != ask.repository.owner.handle.lower():
        family = (r for r in ask.store.repositories.all() if r.git.shared is ask.repository.git.shared)
        found = next((r for r in family if r.owner.handle.lower() == owner.lower()), None)
    else:
        found = ask.repository
    if found is None:
        raise invalid("PullRequest", "head")
    return found, branch


def create(ask: Ask) -> Answer:
    """POST."""
    title = ask.sent("title", str)
    if ask.sent("issue", int) is not None:
        raise invalid("PullRequest", "issue")
    head, base = ask.required("head", str), ask.required("base", str)
    if not title or not title.strip():
        raise invalid("PullRequest", "title", "missing_field")
    source, branch = _source(ask, head)
    try:
        pull = ask.store.pulls.create(
            ask.repository,
            ask.me,
            title=title,
            body=ask.sent("body", str),
            source=source,
            source_branch=branch,
            target_branch=base,
            draft=ask.sent("draft", bool, default=False) or False,
            maintainer_can_modify=ask.sent("maintainer_can_modify", bool, default=True) is not False,
        )
    except Refused as refused:
        refused.facts["label"] = f"{source.owner.handle}:{branch}"
        raise
    return Answer(payload=_full(ask, pull), status=201, headers={"Location": pull_url(ask.shapes, pull)})


def _full(ask: Ask, pull: PullRequest) -> dict[str, object]:
    read = ask.request.method == "GET"
    return full_pull(ask.shapes, pull, ask.store.merging.observe(pull, counts=read))


def get(ask: Ask) -> Answer:
    """GET: JSON, or the diff or patch that `Accept` asks for. Each JSON read brings mergeability nearer."""
    pull = ask.pull
    if ask.media in {"diff", "patch"}:
        return diff_answer(pull.repository, pull.merge_base, pull.head, ask.media)
    return Answer(payload=_full(ask, pull))


def edit(ask: Ask) -> Answer:
    """PATCH: title, body, state, base and maintainer_can_modify; anything else (`draft`!) is ignored."""
    pull, pulls = ask.pull, ask.store.pulls
    if pull.author is not ask.me and not ask.role(Role.WRITE):
        raise ApiError(403, "Must have write access to Repository.")
    title, state, base = ask.sent("title", str), ask.sent("state", str), ask.sent("base", str)
    if title is not None and not title.strip():
        raise invalid("PullRequest", "title", "missing_field")
    if state not in {None, "open", "closed"}:
        raise invalid("PullRequest", "state")
    body = ask.sent("body", str) if "body" in ask.body else KEEP
    try:
        pulls.edit(pull, ask.me, title=title, body=body, target_branch=base)
        if state == "closed":
            pulls.close(pull, ask.me)
        elif state == "open":
            pulls.reopen(pull, ask.me)
    except Refused as refused:
        raise _edit_refused(refused, pull) from refused
    modify = ask.sent("maintainer_can_modify", bool)
    pull.maintainer_can_modify = pull.maintainer_can_modify if modify is None else modify
    return Answer(payload=_full(ask, pull))


def _edit_refused(refused: Refused, pull: PullRequest) -> ApiError:
    if refused.why is Why.MERGED:
        return invalid("PullRequest", "state", "invalid", "state cannot be changed. The pull request is merged.")
    if refused.why is Why.SOURCE_MISSING:
        text = f"state cannot be changed. The {pull.source_branch} branch has been deleted."
        return invalid("PullRequest", "state", "invalid", text)
    if refused.why is Why.CLOSED:
        return invalid("PullRequest", "base", "invalid", "Cannot change the base branch of a closed pull request.")
    refused.facts.setdefault("label", f"{pull.source.owner.handle}:{pull.source_branch}")
    return answer_to(refused)


def containing(ask: Ask) -> Answer:
    """GET commits/{sha}/pulls: open ones with the commit, else merged ones."""
    sha = ask.repository.git.resolve(str(ask.values["ref"]))
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {ask.values['ref']}")
    found = [
        pull
        for pull in ask.repository.pulls.values()
        if sha == pull.merge_commit or sha in {commit.sha for commit in ask.store.pulls.commits(pull)}
    ]
    return ask.paged(found, lambda pull: simple_pull(ask.shapes, pull))


_REPO = "/repos/<owner>/<repo>"
ROUTES = (
    Route(method="GET", rule=f"{_REPO}/pulls", answer=list_pulls, permissions=READS),
    Route(method="POST", rule=f"{_REPO}/pulls", answer=create, permissions=WRITES),
    Route(method="GET", rule=f"{_REPO}/pulls/<int:number>", answer=get, permissions=READS),
    Route(method="PATCH", rule=f"{_REPO}/pulls/<int:number>", answer=edit, permissions=WRITES),
    Route(method="GET", rule=f"{_REPO}/commits/<path:ref>/pulls", answer=containing, permissions=READS),
)
