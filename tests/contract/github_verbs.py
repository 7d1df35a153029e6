"""Every verb of the GitHub adapter: see `port_verbs`."""

from __future__ import annotations

from tests.contract.port_verbs import Names, port_verbs

VERBS = port_verbs(
    Names(
        thread="PRRT_one",
        comment="PRRC_one",
        general="general:IC_one",
        review="PRR_one",
        people=("octo", "acme/core"),
        account="acme",
    )
)
#: Verbs for which GitHub has no way; nothing is sent.
NEVER = {"pulls.delete", "threads.apply_suggestions"}
#: Verbs that a made-up answer may lead to refuse, because it says that there is nothing to do it to, (of a reply) that it
#: went into a pending review, or (of commits) that there are more than it lists.
MAY_REFUSE = {"reviews.withdraw", "pulls.merge_when_ready", "threads.reply", "pulls.commits"}
