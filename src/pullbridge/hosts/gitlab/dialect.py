"""How GitLab says that too much is asked of it: pure.

https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers and
https://docs.gitlab.com/security/rate_limits/
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pullbridge.capabilities import Budget
from pullbridge.hosts import budgets
from pullbridge.transport.pace import Allowance, Refusal

_PREFIX = "ratelimit-"
#: Comments, which gitlab.com limits apart from everything else; an instance of one's own does as it is set up to, and
#: by default far above: https://docs.gitlab.com/user/gitlab_com/#rate-limits-on-gitlabcom (notes)
NOTES = (Allowance(60, 60.0),)
_NOTES = re.compile(r"/(?:notes|discussions)(?:$|\?)")


def is_note(verb: str, path: str) -> bool:
    """Whether this posts a comment, which is counted apart."""
    return verb == "POST" and _NOTES.search(path) is not None


class GitLabDialect:
    """`transport.session.Dialect`."""

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal | None:
        """The limit on all requests tells its budget; limits on one kind of them, such as notes, do not."""
        if status != 429:
            return None
        if self.budget(headers) is not None:
            return Refusal(resets_at=budgets.resets_at(headers, _PREFIX), message="The budget is used up.")
        return Refusal(
            resets_at=budgets.resets_at(headers, _PREFIX), message="GitLab asks for a pause.", secondary=True
        )

    def budget(self, headers: Mapping[str, str]) -> Budget | None:
        """What is left of the limit that this answer was counted under."""
        return budgets.budget(headers, _PREFIX, "ratelimit-name")
