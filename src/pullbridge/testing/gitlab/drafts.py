"""A merge request is a draft when its title says so.

`app/models/merge_request.rb` (`DRAFT_REGEX`), `lib/gitlab/regex.rb` (`merge_request_draft`, `merge_request_wip`) and
https://docs.gitlab.com/user/project/merge_requests/drafts/: `WIP` counted until 14.8, `Draft` since 13.2; that
`Draft - ` stopped counting with 15.0 is unverified.
"""

from __future__ import annotations

import re

from pullbridge.testing.gitlab.knobs import Version

_WIP = r"\[wip\]\s*|wip:\s*|wip\s+|wip$"
_DRAFT = r"\[draft\]|\(draft\)|draft:"
_DRAFT_BEFORE_15 = rf"{_DRAFT}|draft\s-\s|draft$"


def _prefix(version: Version) -> re.Pattern[str]:
    words = []
    if version.at_least(13, 2):
        words.append(_DRAFT if version.at_least(15, 0) else _DRAFT_BEFORE_15)
    if not version.at_least(14, 8):
        words.append(_WIP)
    return re.compile(rf"(?:{'|'.join(words)})+\s*", re.IGNORECASE)


def is_draft(title: str, version: Version) -> bool:
    """Whether the title begins with a word for drafts that this version knows."""
    return _prefix(version).match(title) is not None


def without_prefix(title: str, version: Version) -> str:
    """The title without its prefix."""
    return _prefix(version).sub("", title, count=1) if is_draft(title, version) else title


def draft_title(title: str, version: Version) -> str:
    """The title with a prefix, its own or a new one."""
    word = "Draft" if version.at_least(13, 2) else "WIP"
    return title if is_draft(title, version) else f"{word}: {title}"
