"""A merge request is a draft when its title says so.

`app/models/merge_request.rb` (`DRAFT_REGEX`, and `WIP_REGEX` until 14.8), https://docs.gitlab.com/user/project/merge_requests/drafts/
"""

from __future__ import annotations

import re

from pullbridge.testing.gitlab.knobs import Version

_DRAFT = re.compile(r"\s*(?:\[draft\]|\(draft\)|draft:|draft -?\s|draft\s-\s)\s*", re.IGNORECASE)
_DRAFT_NOW = re.compile(r"\s*(?:\[draft\]|\(draft\)|draft:)\s*", re.IGNORECASE)
_WIP = re.compile(r"\s*(?:\[wip\]|wip:|wip\s)\s*", re.IGNORECASE)


def is_draft(title: str, version: Version) -> bool:
    """Whether the title begins with a word for drafts that this version knows."""
    return without_prefix(title, version) != title


def without_prefix(title: str, version: Version) -> str:
    """The title without all the words for drafts before it."""
    words = [_DRAFT_NOW if version.at_least(15, 0) else _DRAFT] if version.at_least(13, 2) else []
    if not version.at_least(14, 8):
        words.append(_WIP)
    rest = title
    while match := next((found for word in words if (found := word.match(rest))), None):
        rest = rest[match.end() :]
    return rest
