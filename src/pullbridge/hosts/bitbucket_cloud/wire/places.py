"""Between anchors and Bitbucket's `inline`: pure.

`to` is a line of the new side and `from` one of the old side, never two ends of a range; where a range begins stands in
`start_to` or `start_from`. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ (comments)
"""

from __future__ import annotations

from typing import Any

from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.model.anchor import Anchor, Side

#: Of each side, the name of its line and of the line that a range begins at.
_NAMES = {Side.NEW: ("to", "start_to"), Side.OLD: ("from", "start_from")}


def inline(anchor: Anchor) -> dict[str, Any] | None:
    """The place of a comment; `None` for a range that begins on the other side, for which Bitbucket has no words.

    A comment binds to the diff as it is when it arrives: there is no commit in it.
    """
    if anchor.is_file:
        return {"path": anchor.path}
    if anchor.start_side is not None:
        return None
    end, start = _NAMES[anchor.side]
    lines = {end: anchor.end} if anchor.start == anchor.end else {start: anchor.start, end: anchor.end}
    return {"path": anchor.path, **lines}


def anchor(place: payloads.Inline, commit: str | None = None) -> Anchor:
    """Where Bitbucket puts a comment. An unchanged line that comes with both its numbers is one of the new side."""
    if place.to is not None and place.to > 0:
        side, end, start = Side.NEW, place.to, place.start_to
    elif place.before is not None and place.before > 0:
        side, end, start = Side.OLD, place.before, place.start_before
    else:
        return Anchor.file(place.path, commit=commit)
    if start is None or not 0 < start < end:
        return Anchor.line(place.path, end, side=side, commit=commit)
    return Anchor.lines(place.path, start, end, side=side, commit=commit)
