"""Applying what a comment suggests.

https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/#api-api-latest-projects-projectkey-repos-repositoryslug-pull-requests-pullrequestid-comments-commentid-apply-suggestion-post
"""

from __future__ import annotations

import re

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.access import Level
from pullbridge.testing.bitbucket_dc.asking import NOTHING, PULL, Answer, Ask, Route
from pullbridge.testing.bitbucket_dc.comments import of
from pullbridge.testing.bitbucket_dc.records import Anchor
from pullbridge.testing.bitbucket_dc.versions import check_open

_FENCE = re.compile(r"^(`{3,}|~{3,})suggestion[ \t]*\n(.*?)^\1[`~]*[ \t]*$", re.DOTALL | re.MULTILINE)


def _by_hand(said: str) -> errors.ApiError:
    return errors.conflict(f"{said} It must be applied manually.", "pull.PullRequestSuggestionApplyException")


def _number(ask: Ask, name: str) -> int:
    """A plain integer. The specification's `{asInt, present}` is its generator's."""
    value = ask.sent(name, int)
    if value is None:
        raise errors.invalid(name, f"{name} is required.")
    return value


def apply(ask: Ask) -> Answer:
    """POST apply-suggestion: a commit on the source branch, by whoever applies it."""
    comment, pull = of(ask), ask.pull
    wanted, expected = _number(ask, "commentVersion"), _number(ask, "pullRequestVersion")
    index = _number(ask, "suggestionIndex")
    check_open(pull)
    if wanted != comment.version:
        raise errors.comment_out_of_date(comment.version, wanted)
    if expected != ask.state.version:
        raise errors.out_of_date(ask.state.version, expected)
    found = [match[2] for match in _FENCE.finditer(comment.text)]
    if not 0 <= index < len(found):
        raise errors.bad_argument(f"The comment has no suggestion {index}.")
    ask.need(Level.WRITE, pull.source)
    anchor = comment.root.anchor
    on_today = anchor is not None and anchor.diff_type == "EFFECTIVE" and not anchor.orphaned
    if anchor is None or anchor.line is None or anchor.file_type != "TO" or not on_today:
        raise _by_hand("The suggestion is not on a line of the source branch.")
    text = _replaced(ask, anchor, found[index])
    # the specification says `commitMessage`, a 10.4 was seen to want `message`
    message = ask.sent("commitMessage", str) or ask.sent("message", str) or "Apply suggestion"
    ask.store.repositories.commit(pull.source, pull.source_branch, {anchor.path: text}, message=message, author=ask.me)
    return NOTHING


def _replaced(ask: Ask, anchor: Anchor, replacement: str) -> bytes:
    blob = ask.pull.repository.git.blob(ask.pull.head, anchor.path)
    if blob is None or anchor.line is None:
        raise _by_hand("The file is gone.")
    lines = blob.splitlines(keepends=True)
    start = anchor.line if anchor.start_line is None else anchor.start_line
    ending = b"\r\n" if lines[start - 1].endswith(b"\r\n") else b"\n"
    new = [line.encode() + ending for line in replacement.splitlines()]
    if anchor.line == len(lines) and new and not lines[-1].endswith(b"\n"):
        new[-1] = new[-1].removesuffix(ending)
    return b"".join([*lines[: start - 1], *new, *lines[anchor.line :]])


#: The version is unverified.
_SINCE = (7, 21)
ROUTES = (Route(method="POST", rule=f"{PULL}/comments/<int:comment>/apply-suggestion", answer=apply, since=_SINCE),)
