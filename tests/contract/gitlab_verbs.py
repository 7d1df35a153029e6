"""Every verb of the GitLab adapter: see `port_verbs`."""

from __future__ import annotations

from dataclasses import replace

from tests.contract.port_verbs import AT, SHA, Names, Verb, port_verbs

from pullbridge.model import orders
from pullbridge.model.anchor import Anchor, LineNumbers
from pullbridge.model.merge import MergeMethod
from pullbridge.model.reviews import DraftComment

NAMES = Names(
    thread="6a9c1750b37d513a43987b574953fceb50b03ce7",
    comment="1",
    general="2",
    review="7",
    people=("octo", "mona"),
    account="acme",
)
#: As the verbs hand it down: placed, with both numbers of each end.
PLACED = replace(AT, ends=(LineNumbers(None, 3, (4, 3)), LineNumbers(None, 5, (4, 5))))
EVERYWHERE = (
    DraftComment("Here?", at=PLACED),
    DraftComment("The file.", at=Anchor.file("src/a.py", commit=SHA)),
    DraftComment("Yes.", reply_to=NAMES.thread),
)
VERBS: dict[str, Verb] = {
    **port_verbs(NAMES),
    "pulls.delete": lambda r: r.pulls.delete(7),
    "threads.start on placed lines": lambda r: r.threads.start(7, "Text", PLACED),
    "threads.start with a suggestion": lambda r: r.threads.start(7, "```suggestion\nx\n```", PLACED),
    "threads.apply_suggestions": lambda r: (
        r.threads.apply_suggestions(7, ["1"], "Take it"),
        r.threads.apply_suggestions(7, ["1", "2"], None),
    ),
    "threads.edit a draft": lambda r: r.threads.edit(7, "draft:3", "T"),
    "threads.delete a draft": lambda r: r.threads.delete(7, "draft:3"),
    "reviews.draft placed": lambda r: [r.reviews.draft(7, draft) for draft in EVERYWHERE],
    "pulls.merge_when_ready squashed": lambda r: r.pulls.merge_when_ready(
        7, orders.MergeOrder(method=MergeMethod.SQUASH, message="One\n\nTwo", expect_head=SHA, delete_source=True)
    ),
    "pulls.edit everything": lambda r: r.pulls.edit(
        7,
        orders.PullChanges(
            title="T", add_labels=("a",), remove_labels=("b",), add_assignees=("octo",), milestone="v1", body="B"
        ),
    ),
    "pulls.edit no milestone": lambda r: r.pulls.edit(7, orders.PullChanges(milestone=None)),
    "pulls.create with everything": lambda r: r.pulls.create(
        orders.NewPull(
            title="T",
            source="fix",
            target="main",
            reviewers=("octo",),
            assignees=("mona",),
            labels=("a", "b"),
            milestone="7",
            delete_source_on_merge=True,
            squash_on_merge=True,
        )
    ),
}
#: Verbs for which GitLab has no way; nothing is sent.
NEVER = {
    "files.viewed",
    "files.set_viewed",
    "reviews.dismiss",
    "pulls.update_branch",
    "pulls.set_locked",
    "threads.start on lines",
    "reviews.draft",
}
