"""Quick actions in a text: pure.

A line such as `/close` is no text to GitLab: it does what the line says, and takes it out. Who posts a text wants it to be
read, and what it quotes may be anybody's. So such a text is recognised before it is sent.
https://docs.gitlab.com/user/project/quick_actions/ and `lib/gitlab/quick_actions/extractor.rb` of
https://gitlab.com/gitlab-org/gitlab
"""

from __future__ import annotations

import re
from bisect import bisect_right

#: Those of merge requests, with their other names; `/cc` does nothing.
_NAMES = """
    add_child add_contacts add_email add_linked_item add_parent approve assign assign_reviewer award blocked_by blocks clone
    close confidential convert_to_ticket copy_metadata copy_metadata_from create_merge_request done draft due duplicate
    estimate estimate_time health_status invite_email iteration label labels link lock merge milestone move page parent_epic
    promote promote_to promote_to_incident publish react ready reassign reassign_reviewer rebase relabel relate reopen remove_child
    remove_contacts remove_due_date remove_email remove_estimate remove_iteration remove_label remove_milestone remove_parent
    remove_reviewer remove_time_estimate remove_time_spent request_changes request_review reviewer run_pipeline severity ship
    shrug spend spend_time spent submit_review subscribe summarize_diff tableflip target_branch timeline title todo type
    unapprove unassign unassign_reviewer unlabel unlink unlock unrelate unsubscribe weight wip zoom
"""
_COMMAND = re.compile(rf"/(?:{'|'.join(_NAMES.split())})(?:[ \t][^\n]*)?\s*", re.IGNORECASE)
#: Blocks whose lines are text to GitLab: how they begin, and the line that ends them. One without its end is none.
_BLOCKS = (
    (re.compile(r"```.*"), re.compile(r"```")),
    (re.compile(r">>>.*"), re.compile(r">>>")),
    (re.compile(r"<[^>]+>"), re.compile(r"</[^>]+>")),
)


def command_in(body: str) -> str | None:
    """The first line that GitLab would carry out, in place of showing it; `None` where there is none."""
    rows = body.replace("\r", "").split("\n")
    ends = [[index for index, row in enumerate(rows) if end.fullmatch(row)] for _, end in _BLOCKS]
    behind = 0
    for index, row in enumerate(rows):
        if index < behind:
            continue
        if _COMMAND.fullmatch(row):
            return row.strip()
        for (begin, _), places in zip(_BLOCKS, ends, strict=True):
            after = bisect_right(places, index)
            if begin.fullmatch(row) and after < len(places):
                behind = places[after] + 1
    return None
