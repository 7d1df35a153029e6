"""Drafts are titles with a mark before them; the neutral title has none, and `Pull.draft` says the rest.

https://docs.gitlab.com/user/project/merge_requests/drafts/
"""

from __future__ import annotations

import re

#: Since 13.2; before it was `WIP: `.
MARK = "Draft: "
#: What every supported server takes for the mark, and what servers before 14.0 took.
_MARKS = re.compile(r"\s*(?:(?:\[draft\]|\(draft\)|draft:|\[wip\]|wip:)\s*)+", re.IGNORECASE)
#: Only until 13.x or 14.x, and too much like words to be taken for marks where the server does not say so.
#: https://docs.gitlab.com/update/deprecations/ (WIP merge requests; `Draft -`)
_OLD_MARKS = re.compile(r"\s*(?:(?:draft\s-|wip)(?=\s|$)\s*|draft\s*$)+", re.IGNORECASE)
_CURRENT = re.compile(r"\s*(?:\[draft\]|\(draft\)|draft:)", re.IGNORECASE)


def is_marked(title: str) -> bool:
    """Whether every supported server takes a merge request of this title for a draft."""
    return _CURRENT.match(title) is not None


def marked(title: str) -> str:
    """The title of a draft; one that has the mark already stays as it is."""
    return title if is_marked(title) else MARK + title


def unmarked(title: str) -> str:
    """The title of a draft without its marks, however they are written and however many; all of it if it is nothing else."""
    found = _MARKS.match(title) or _OLD_MARKS.match(title)
    return (title[found.end() :] if found else title) or title
