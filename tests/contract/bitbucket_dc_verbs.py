"""Every verb of the Data Center adapter: see `port_verbs`."""

from __future__ import annotations

from dataclasses import replace

from tests.contract.port_verbs import AT, SHA, Names, Verb, port_verbs

from pullbridge.model import orders
from pullbridge.model.anchor import Anchor, LineNumbers
from pullbridge.model.merge import MergeMethod
from pullbridge.model.pulls import Order
from pullbridge.model.reviews import DraftComment, Verdict
from pullbridge.ports import RepositoryPort, TasksPort

NAMES = Names(thread="7", comment="7", general="8", review="7", people=("ada", "PRJ/core"), account="PRJ")
#: As the verbs hand it down: placed, with both numbers of each end.
PLACED = replace(AT, ends=(LineNumbers(None, 3, (4, 3)), LineNumbers(None, 5, (4, 5))))
EVERYWHERE = (
    DraftComment("Here?", at=PLACED),
    DraftComment("The file.", at=Anchor.file("src/a.py", commit=SHA)),
    DraftComment("Yes.", reply_to="7"),
)


def _tasks(repository: RepositoryPort) -> TasksPort:
    assert repository.tasks is not None
    return repository.tasks


VERBS: dict[str, Verb] = {
    **port_verbs(NAMES),
    "pulls.delete": lambda r: r.pulls.delete(7),
    "pulls.list by opening": lambda r: r.pulls.list(orders.PullQuery(order=Order.CREATED), None, 50),
    "pulls.list of a person": lambda r: r.pulls.list(
        orders.PullQuery(author="ada", reviewer="grace", draft=True, source="fix", text="edge", with_checks=True),
        None,
        9,
    ),
    "pulls.create for people": lambda r: r.pulls.create(
        orders.NewPull(title="T", source="fix", target="main", reviewers=NAMES.people, body="B")
    ),
    "threads.start on placed lines": lambda r: r.threads.start(7, "Text", PLACED),
    "threads.start on an older head": lambda r: r.threads.start(7, "Text", replace(PLACED, commit="d" * 40)),
    "threads.apply_suggestions": lambda r: (
        r.threads.apply_suggestions(7, ["7#0"], "Take it"),
        r.threads.apply_suggestions(7, ["7#0", "7#1"], None),
    ),
    "reviews.draft placed": lambda r: [r.reviews.draft(7, draft) for draft in EVERYWHERE],
    "reviews.submit what waits": lambda r: r.reviews.submit(
        7,
        orders.ReviewOrder(
            verdict=Verdict.APPROVE, body="Good.", comments=EVERYWHERE, commit=SHA, include_pending=True
        ),
    ),
    "reviews.submit a verdict": lambda r: r.reviews.submit(
        7, orders.ReviewOrder(verdict=Verdict.REQUEST_CHANGES, commit=SHA)
    ),
    "reviews.submit a text": lambda r: r.reviews.submit(7, orders.ReviewOrder(verdict=Verdict.COMMENT, body="Hm.")),
    "pulls.merge by rebase": lambda r: r.pulls.merge(7, orders.MergeOrder(method=MergeMethod.REBASE, message="Done")),
    "tasks.list": lambda r: _tasks(r).list(7),
    "tasks.add": lambda r: (_tasks(r).add(7, "Do it.", None), _tasks(r).add(7, "Do it.", "7")),
    "tasks.set_done": lambda r: (_tasks(r).set_done(7, "7", True), _tasks(r).set_done(7, "7", False)),
}
#: Verbs for which Data Center has no way; nothing is sent.
NEVER = {
    "files.viewed",
    "files.set_viewed",
    "reviews.dismiss",
    "pulls.set_locked",
    "pulls.templates",
    "pulls.list merged",
    "pulls.list with checks",
    "pulls.update_branch",
    "threads.start on lines",
    "search",
}
