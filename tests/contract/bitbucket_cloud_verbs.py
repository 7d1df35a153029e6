"""Every verb of the Bitbucket Cloud adapter: see `port_verbs`."""

from __future__ import annotations

from tests.contract.port_verbs import Names, Verb, port_verbs

from pullbridge.model import orders
from pullbridge.model.anchor import Anchor, Side
from pullbridge.model.merge import MergeMethod
from pullbridge.model.pulls import Order
from pullbridge.model.reviews import Verdict
from pullbridge.ports import RepositoryPort, TasksPort

ADA = "{504c3b62-8120-4f0c-a7bc-87800b9d6f70}"
NAMES = Names(thread="7", comment="7", general="8", review="7", people=(ADA, "ada"), account="octo")
SHORT = "c" * 12


def _tasks(repository: RepositoryPort) -> TasksPort:
    assert repository.tasks is not None
    return repository.tasks


VERBS: dict[str, Verb] = {
    **port_verbs(NAMES),
    "probe of a repository": lambda r: r.probe(),
    "pulls.delete": lambda r: r.pulls.delete(7),
    "pulls.list by opening": lambda r: r.pulls.list(orders.PullQuery(order=Order.CREATED), None, 9),
    "pulls.list of a person": lambda r: r.pulls.list(
        orders.PullQuery(author=ADA, reviewer="ada", draft=True, source="octo:fix", text='a "b"', with_checks=True),
        None,
        50,
    ),
    "pulls.create with everything": lambda r: r.pulls.create(
        orders.NewPull(
            title="T",
            source="fix",
            target="main",
            reviewers=NAMES.people,
            body="B",
            source_repository="ada/app",
            delete_source_on_merge=True,
        )
    ),
    "pulls.merge with everything": lambda r: r.pulls.merge(
        7, orders.MergeOrder(method=MergeMethod.MERGE, message="Done", expect_head=SHORT, delete_source=True)
    ),
    "pulls.set_open to decline": lambda r: r.pulls.set_open(7, False),
    "threads.apply_suggestions": lambda r: r.threads.apply_suggestions(7, ["7#0"], "Take it"),
    "threads.start on the old side": lambda r: r.threads.start(7, "Text", Anchor.line("src/a.py", 3, side=Side.OLD)),
    "reviews.submit a text": lambda r: r.reviews.submit(7, orders.ReviewOrder(verdict=Verdict.COMMENT, body="Hm.")),
    "reviews.submit a verdict": lambda r: [
        r.reviews.submit(7, orders.ReviewOrder(verdict=verdict, commit=SHORT))
        for verdict in (Verdict.APPROVE, Verdict.REQUEST_CHANGES)
    ],
    "files.content of a branch": lambda r: r.files.content("src/a.py", "fix/edge"),
    "tasks.list": lambda r: _tasks(r).list(7),
    "tasks.add": lambda r: (_tasks(r).add(7, "Do it.", None), _tasks(r).add(7, "Do it.", "7")),
    "tasks.set_done": lambda r: (_tasks(r).set_done(7, "7", True), _tasks(r).set_done(7, "7", False)),
}
#: Verbs for which Bitbucket Cloud has no way, or no words for what is asked; nothing is sent.
NEVER = {
    "files.viewed",
    "files.set_viewed",
    "threads.apply_suggestions",
    "threads.set_reaction",
    "threads.set_reaction in general",
    "reviews.draft",
    "reviews.discard_pending",
    "reviews.dismiss",
    "reviews.submit",
    "reviews.submit all kinds",
    "reviews.submit pending",
    "pulls.delete",
    "pulls.set_open",
    "pulls.list merged",
    "pulls.list with checks",
    "pulls.set_locked",
    "pulls.set_subscribed",
    "pulls.templates",
    "pulls.merge_when_ready",
    "pulls.merge_when_ready as the host likes",
    "pulls.cancel_auto_merge",
    "pulls.update_branch",
    "pulls.update_branch by rebase",
    "search",
}
