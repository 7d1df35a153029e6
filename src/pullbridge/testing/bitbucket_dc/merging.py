"""Whether a pull request can be merged, merging it, now or when nothing is in the way any more, and rebasing it.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/#api-api-latest-projects-projectkey-repos-repositoryslug-pull-requests-pullrequestid-merge-post
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level, level_of_user
from pullbridge.testing.bitbucket_dc.asking import NOTHING, PULL, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.checks import Veto, vetoes
from pullbridge.testing.bitbucket_dc.pulls import shown
from pullbridge.testing.bitbucket_dc.shapes import millis
from pullbridge.testing.bitbucket_dc.states import WaitingMerge
from pullbridge.testing.bitbucket_dc.strategies import default_of, enabled_in, method_for
from pullbridge.testing.bitbucket_dc.versions import check_open, check_version, illegal_state
from pullbridge.testing.store import PullRequest, Refused, User, Why

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.app import App

CLOSED = "This pull request has already been {0}."
#: The version is unverified: Renovate uses it from 8.15 on.
AUTO_MERGE = (8, 15)


def _shown_vetoes(found: list[Veto]) -> list[dict[str, str]]:
    return [{"summaryMessage": summary, "detailedMessage": details} for summary, details in found]


def can_merge(ask: Ask) -> Answer:
    """GET merge: conflicts and vetoes. 409 when it is not open."""
    pull, state = ask.pull, ask.state
    if pull.state != "open":
        raise illegal_state(pull, CLOSED)
    unknown = state.unknown_reads > 0
    state.unknown_reads -= unknown
    conflicted = not unknown and ask.app.conflicts(pull)
    against = vetoes(ask.app, pull)
    told: dict[str, Any] = {"canMerge": not conflicted and not against} if ask.knobs.tells_can_merge else {}
    outcome = "UNKNOWN" if unknown else "CONFLICTED" if conflicted else "CLEAN"
    return Answer(payload=told | {"conflicted": conflicted, "outcome": outcome, "vetoes": _shown_vetoes(against)})


def merge(ask: Ask) -> Answer:
    """POST merge, with the version; or, with `autoMerge`, as soon as nothing is in the way."""
    pull = ask.pull
    ask.need(Level.WRITE)
    if pull.state != "open":
        raise illegal_state(pull, CLOSED)
    check_version(ask)
    wanted = _wanted(ask)
    later = bool(ask.sent("autoMerge", bool)) and ask.at_least(*AUTO_MERGE)
    if later and not pull.repository.allow_auto_merge:
        text = "Auto-merge is not enabled for this repository."
        raise errors.problem(403, text, "pull.automerge.AutoMergeDisabledException")
    refusal = in_the_way(ask.app, pull)
    if later and refusal is not None:
        state = ask.state
        state.waiting = wanted
        ask.app.states.note(state, "AUTO_MERGE_REQUESTED", ask.me)
        return shown(ask, pull)
    if refusal is not None:
        raise refusal
    perform(ask.app, pull, wanted)
    return shown(ask, pull)


def _wanted(ask: Ask) -> WaitingMerge:
    strategy = ask.sent("strategyId", str) or default_of(ask.app, ask.repository)
    if strategy not in enabled_in(ask.app, ask.repository):
        # the status and the words are unverified
        raise errors.bad_argument(f"The merge strategy '{strategy}' is not enabled for this repository.")
    subject = ask.body.get("autoSubject")  # the specification has it once as a string and once as a boolean
    return WaitingMerge(
        user=ask.me,
        at=ask.store.now(),
        strategy=strategy,
        message=ask.sent("message", str),
        auto_subject=subject not in {False, "false"},
        head=ask.pull.head,
    )


def in_the_way(app: App, pull: PullRequest) -> errors.ApiError | None:
    """The answer that a merge would get now; `None` when nothing is in the way."""
    exception = "pull.PullRequestMergeVetoedException"
    if app.conflicts(pull):
        text = "The pull request has conflicts and cannot be merged."
        return errors.conflict(text, exception, conflicted=True, vetoes=[])
    against = vetoes(app, pull)
    if not against:
        return None
    text = "Merging the pull request has been vetoed."
    return errors.conflict(text, exception, conflicted=False, vetoes=_shown_vetoes(against))


def perform(app: App, pull: PullRequest, wanted: WaitingMerge) -> None:
    """Merge it. A strategy that needs a fast-forward says so when there is none."""
    method = method_for(wanted.strategy, fast_forward=_fast_forward(app, pull))
    if method is None:
        text = "The pull request cannot be fast-forwarded and could not be merged."
        raise errors.conflict(text, "pull.PullRequestMergeException")  # the exception is unverified
    title, text = message_of(app, pull)
    subject = title if wanted.auto_subject or wanted.message is None else wanted.message
    body = text if wanted.message is None else wanted.message if wanted.auto_subject else ""
    try:
        app.store.merging.merge(pull, wanted.user, method=method, title=subject, message=body, delete_source=False)
    except Refused as refused:
        raise errors.conflict(str(refused), "pull.PullRequestMergeException") from refused


def _fast_forward(app: App, pull: PullRequest) -> bool:
    git = pull.repository.git
    tip = app.states.of(pull).target
    return git.merge_base(tip, pull.head) == tip


def message_of(app: App, pull: PullRequest) -> tuple[str, str]:
    """The title and text of a merge commit: https://confluence.atlassian.com/bitbucketserver/commit-message-templates-1026535068.html"""
    lines = [f"Merge in {app.label(pull.repository)} from {_source(app, pull)} to {pull.target_branch}", ""]
    commits = pull.repository.git.between(pull.merge_base, pull.head)[::-1]
    lines.append(f"* commit '{pull.head}':")
    lines += [f"  {commit.message.splitlines()[0]}" for commit in commits[:20] if commit.message]
    return f"Pull request #{pull.number}: {pull.title}", "\n".join(lines)


def _source(app: App, pull: PullRequest) -> str:
    if pull.source is pull.repository:
        return pull.source_branch
    return f"{app.label(pull.source)}:{pull.source_branch}"


def suggestion(ask: Ask) -> Answer:
    """GET commit-message-suggestion."""
    title, body = message_of(ask.app, ask.pull)
    return Answer(payload={"title": title, "body": body})


# -- later -------------------------------------------------------------------------------------------------------------


def settle(app: App) -> None:
    """Merge what waits and has nothing in the way any more; what moved meanwhile waits no longer."""
    for pull in list(app.store.pulls.all()):
        state = app.states.known(pull)
        if state is not None and state.waiting is not None:
            app.states.of(pull)
            process(app, pull)


def process(app: App, pull: PullRequest) -> str:
    """Try a merge that waits, and say what became of it."""
    state = app.states.of(pull)
    waiting = state.waiting
    if waiting is None or pull.state != "open":
        return "CANCELLED"
    if waiting.head != pull.head or level_of_user(app.store, waiting.user, pull.repository) < Level.WRITE:
        cancel(app, pull, waiting.user)
        return "STALE"
    if in_the_way(app, pull) is not None:
        return "VETOED"
    try:
        perform(app, pull, waiting)
    except errors.ApiError:
        return "UNKNOWN"
    return "MERGED"


def cancel(app: App, pull: PullRequest, user: User) -> None:
    """It waits no longer."""
    state = app.states.of(pull)
    state.waiting = None
    app.states.note(state, "AUTO_MERGE_CANCELLED", user)


def _waiting(ask: Ask) -> WaitingMerge | None:
    return ask.state.waiting


def auto_merge(ask: Ask) -> Answer:
    """GET auto-merge: what was asked for; 404 when nothing was."""
    waiting = _waiting(ask)
    if waiting is None:
        text = f"There is no auto-merge request for pull request {ask.pull.number}."
        raise errors.not_there("pull.automerge.NoSuchAutoMergeRequest", text)
    shown_: dict[str, Any] = {
        "createdDate": millis(waiting.at),
        "fromHash": waiting.head,
        "toRefId": f"refs/heads/{ask.pull.target_branch}",
        "strategyId": waiting.strategy,
        "autoSubject": waiting.auto_subject,
    }
    return Answer(payload=shown_ if waiting.message is None else shown_ | {"message": waiting.message})


def try_auto_merge(ask: Ask) -> Answer:
    """POST auto-merge: try it now."""
    ask.need(Level.WRITE)
    if not ask.repository.allow_auto_merge:
        text = "Auto-merge is not enabled for this repository."
        raise errors.problem(403, text, "pull.automerge.AutoMergeDisabledException")
    if _waiting(ask) is None:
        raise errors.bad_argument("An auto-merge request was not submitted for this pull request.")
    status = process(ask.app, ask.pull)
    return Answer(payload={"autoMergeProcessingStatus": status, "pullRequest": ask.shapes.pull(ask.pull)})


def cancel_auto_merge(ask: Ask) -> Answer:
    """DELETE auto-merge."""
    ask.need(Level.WRITE)
    check_open(ask.pull)
    if _waiting(ask) is not None:
        cancel(ask.app, ask.pull, ask.me)
    return NOTHING


# -- rebasing ----------------------------------------------------------------------------------------------------------


def can_rebase(ask: Ask) -> Answer:
    """GET rebase: whether it could be; conflicts show only when it is tried."""
    return Answer(payload={"vetoes": _shown_vetoes(_against_rebasing(ask))})


def _against_rebasing(ask: Ask) -> list[Veto]:
    pull = ask.pull
    found: list[Veto] = []
    if pull.state != "open":
        found.append(("Pull request not open", "Only open pull requests can be rebased."))
    if ask.state.source_ref.startswith("refs/tags/"):
        found.append(("Source is a tag", "Only branches can be rebased."))
    if ask.user is None or level_of_user(ask.store, ask.user, pull.source) < Level.WRITE:
        found.append(("Insufficient permissions", "You do not have permission to update the source branch."))
    return found


def rebase(ask: Ask) -> Answer:
    """POST rebase: the source's commits anew on top of the target."""
    pull = ask.pull
    ask.need(Level.WRITE, pull.source)
    if pull.state != "open":
        raise illegal_state(pull, CLOSED)
    check_version(ask)
    before = pull.head
    try:
        after = ask.store.merging.update_branch(pull, ask.me, method="rebase")
    except Refused as refused:
        raise _not_rebased(refused) from refused
    ref = ask.shapes.ref(pull.source_branch)
    change = {"ref": ref, "refId": ref["id"], "fromHash": before, "toHash": after, "type": "UPDATE"}
    return Answer(payload={"refChange": change})


def _not_rebased(refused: Refused) -> errors.ApiError:
    """The exceptions are unverified; the specification says but 409 for all of them."""
    if refused.why is Why.CONFLICTS:
        text = "The rebase encountered conflicts and cannot be completed."
        return errors.conflict(text, "scm.git.rebase.GitRebaseConflictException")
    return errors.conflict("The pull request is already up to date.", "scm.git.rebase.GitRebaseException")


_AUTO = f"{PULL}/auto-merge"
ROUTES = (
    Route(method="GET", rule=f"{PULL}/merge", answer=can_merge),
    Route(method="POST", rule=f"{PULL}/merge", answer=merge),
    Route(method="GET", rule=f"{PULL}/commit-message-suggestion", answer=suggestion, since=(8, 12)),
    Route(method="GET", rule=_AUTO, answer=auto_merge, since=AUTO_MERGE),
    Route(method="POST", rule=_AUTO, answer=try_auto_merge, since=AUTO_MERGE),
    Route(method="DELETE", rule=_AUTO, answer=cancel_auto_merge, since=AUTO_MERGE),
    Route(method="GET", rule=f"{PULL}/rebase", answer=can_rebase, service="git"),
    Route(method="POST", rule=f"{PULL}/rebase", answer=rebase, service="git"),
)
