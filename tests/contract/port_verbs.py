"""Every verb that an adapter supplies, called below the public interface: one call for each way that it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pullbridge.model import orders
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.checks import CheckState
from pullbridge.model.merge import MergeMethod
from pullbridge.model.pulls import Branch, PullState, Role
from pullbridge.model.reviews import DraftComment, Verdict
from pullbridge.ports import HostPort, RepositoryPort

Verb = Callable[[RepositoryPort], object]

SHA = "c" * 40
AT = Anchor.lines("src/a.py", 3, 5, commit=SHA)


@dataclass(frozen=True, kw_only=True)
class Names:
    """What things are called on a host: a thread, a comment in it, one on the whole, two people or teams, an account."""

    thread: str
    comment: str
    general: str
    review: str
    people: tuple[str, str]
    account: str


QUERIES = {
    "open": orders.PullQuery(),
    "all from a branch": orders.PullQuery(states=frozenset(PullState), source="fix/edge", target="main"),
    "merged": orders.PullQuery(states=frozenset({PullState.MERGED}), author="octo", labels=("a b",), text="edge"),
    "with checks": orders.PullQuery(draft=True, with_checks=True, reviewer="octo", assignee="octo"),
}


def _listed(repository: RepositoryPort, query: orders.PullQuery) -> object:
    return repository.pulls.list(query, None, 50)


def _both(verb: Callable[[bool], None]) -> None:
    verb(True)
    verb(False)


def _deleted(repository: RepositoryPort, comments: tuple[str, ...]) -> None:
    for comment in comments:
        repository.threads.delete(7, comment)


def port_verbs(names: Names) -> dict[str, Verb]:
    """A call by its name, which begins with the verb's."""
    drafts = (
        DraftComment("Here?", at=AT),
        DraftComment("Gone?", at=Anchor.line("src/a.py", 4, side=Side.OLD, commit=SHA)),
        DraftComment("The file.", at=Anchor.file("src/a.py", commit=SHA)),
        DraftComment("Yes.", reply_to=names.thread),
    )
    comments = (names.comment, names.general)
    return {
        **{f"pulls.list {name}": partial(_listed, query=query) for name, query in QUERIES.items()},
        "pulls.get": lambda r: r.pulls.get(7),
        "pulls.create": lambda r: r.pulls.create(orders.NewPull(title="T", source="fix", target="main", draft=True)),
        "pulls.create from a fork": lambda r: r.pulls.create(
            orders.NewPull(title="T", source="fix", target="main", body="B", source_repository="fork/app")
        ),
        "pulls.edit": lambda r: r.pulls.edit(7, orders.PullChanges(title="T", body="", target="main")),
        "pulls.set_open": lambda r: (r.pulls.set_open(7, True), r.pulls.set_open(7, False)),
        "pulls.set_draft": lambda r: (r.pulls.set_draft(7, True), r.pulls.set_draft(7, False)),
        "pulls.mergeability": lambda r: r.pulls.mergeability(7),
        "pulls.merge": lambda r: r.pulls.merge(
            7, orders.MergeOrder(method=MergeMethod.SQUASH, message="One\n\nTwo", expect_head=SHA)
        ),
        "pulls.merge plainly": lambda r: r.pulls.merge(7, orders.MergeOrder()),
        "pulls.commits": lambda r: r.pulls.commits(7),
        "pulls.panel": lambda r: r.pulls.panel(7, None),
        "pulls.panel of many files": lambda r: r.pulls.panel(7, 250),
        "pulls.containing": lambda r: r.pulls.containing(SHA),
        "pulls.timeline": lambda r: r.pulls.timeline(7, None),
        "pulls.templates": lambda r: r.pulls.templates(),
        "pulls.set_locked": lambda r: _both(lambda on: r.pulls.set_locked(7, on, "resolved" if on else None)),
        "pulls.set_subscribed": lambda r: _both(lambda on: r.pulls.set_subscribed(7, on)),
        "pulls.merge_when_ready": lambda r: r.pulls.merge_when_ready(
            7, orders.MergeOrder(method=MergeMethod.REBASE, message="One\n\nTwo", expect_head=SHA)
        ),
        "pulls.merge_when_ready as the host likes": lambda r: r.pulls.merge_when_ready(
            7, orders.MergeOrder(expect_head=SHA)
        ),
        "pulls.cancel_auto_merge": lambda r: r.pulls.cancel_auto_merge(7),
        "pulls.update_branch": lambda r: r.pulls.update_branch(7, MergeMethod.MERGE, SHA),
        "pulls.update_branch by rebase": lambda r: r.pulls.update_branch(7, MergeMethod.REBASE, SHA),
        "files.viewed": lambda r: r.files.viewed(7),
        "files.set_viewed": lambda r: _both(lambda on: r.files.set_viewed(7, "src/a.py", on)),
        "files.commit": lambda r: r.files.commit(Branch(name="fix/edge", commit=SHA), "src/a.py", b"new\n", "Apply"),
        "files.changes": lambda r: r.files.changes(7, None),
        "files.diff": lambda r: r.files.diff(7),
        "files.content": lambda r: r.files.content("src/some file.py", SHA),
        "files.compare": lambda r: r.files.compare("main", "fix/edge"),
        "threads.list": lambda r: r.threads.list(7),
        "threads.start": lambda r: r.threads.start(7, "Text", None),
        "threads.start on lines": lambda r: r.threads.start(7, "Text", AT),
        "threads.start on a file": lambda r: r.threads.start(7, "Text", Anchor.file("src/a.py", commit=SHA)),
        "threads.reply": lambda r: r.threads.reply(7, names.thread, "Text"),
        "threads.edit": lambda r: [r.threads.edit(7, each, "T") for each in comments],
        "threads.delete": lambda r: _deleted(r, comments),
        "threads.set_resolved": lambda r: (
            r.threads.set_resolved(7, names.thread, True),
            r.threads.set_resolved(7, names.thread, False),
        ),
        "threads.set_reaction": lambda r: _both(lambda on: r.threads.set_reaction(7, names.comment, "heart", on)),
        "threads.set_reaction in general": lambda r: _both(
            lambda on: r.threads.set_reaction(7, names.general, "+1", on)
        ),
        "reviews.draft": lambda r: [r.reviews.draft(7, draft) for draft in drafts],
        "reviews.discard_pending": lambda r: r.reviews.discard_pending(7),
        "reviews.withdraw": lambda r: r.reviews.withdraw(7),
        "reviews.dismiss": lambda r: r.reviews.dismiss(7, names.review, "Too early"),
        "reviews.list": lambda r: r.reviews.list(7),
        "reviews.submit": lambda r: r.reviews.submit(
            7, orders.ReviewOrder(verdict=Verdict.APPROVE, body="Good.", comments=drafts[:2], commit=SHA)
        ),
        "reviews.submit all kinds": lambda r: r.reviews.submit(
            7, orders.ReviewOrder(verdict=Verdict.REQUEST_CHANGES, body="Hm.", comments=drafts, commit=SHA)
        ),
        "reviews.submit pending": lambda r: r.reviews.submit(
            7, orders.ReviewOrder(verdict=Verdict.COMMENT, comments=drafts[:1], commit=SHA, include_pending=True)
        ),
        "reviewers.list": lambda r: r.reviewers.list(7),
        "reviewers.request": lambda r: r.reviewers.request(7, names.people),
        "reviewers.remove": lambda r: r.reviewers.remove(7, names.people),
        "reviewers.candidates": lambda r: r.reviewers.candidates("oc", None),
        "checks.list": lambda r: r.checks.list(7),
        "checks.report": lambda r: r.checks.report(
            SHA, "ci/unit", CheckState.SUCCESS, "https://ci.example/1", "Passed"
        ),
        "checks.report plainly": lambda r: r.checks.report(SHA, "ci/unit", CheckState.RUNNING, None, ""),
        "branches.get": lambda r: r.branches.get("fix/edge"),
        "branches.default": lambda r: r.branches.default(),
        "branches.list": lambda r: r.branches.list("fix/", None),
        "branches.create": lambda r: r.branches.create("fix/new", SHA),
        "branches.forks": lambda r: r.branches.forks(None),
        "branches.fork": lambda r: (r.branches.fork(None), r.branches.fork(names.account)),
        "branches.delete": lambda r: r.branches.delete("fix/edge"),
        "probe": lambda r: r.probe(),
    }


HOST_VERBS: dict[str, Callable[[HostPort], object]] = {
    "viewer": lambda h: h.viewer(),
    "probe": lambda h: h.probe(),
    "search": lambda h: h.search("edge", None, None),
    "inbox": lambda h: [h.inbox(role, None, None) for role in Role],
}
