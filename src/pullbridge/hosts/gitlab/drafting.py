"""Comments on their way to GitLab: where they will hang, and the words that GitLab understands."""

from __future__ import annotations

from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts import refusals
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.hosts.gitlab.api import RepositoryApi
from pullbridge.hosts.gitlab.errors import about, is_unplaced
from pullbridge.model.anchor import Anchor, PlacementReason
from pullbridge.model.refs import same_commit
from pullbridge.transport.call import sleep

WRITE = ("api",)
#: https://docs.gitlab.com/api/discussions/: `position_type` `file`
WHOLE_FILES = (16, 4)
#: Seconds between the looks for a diff that is being made.
_PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0)


def write_to(number: int) -> Asked:
    """A write to one merge request."""
    return Asked(what=f"merge request !{number}", write=True, needs=WRITE)


def checked(body: str) -> str:
    """The text, which GitLab will show as it is. Raises `Rejected` for one with a line that it would carry out."""
    command = wire.command_in(body)
    if command is None:
        return body
    name = command.split()[0]
    problem = f"GitLab takes the line {command[:60]!r} for a command"
    raise errors.Rejected(
        f"{problem}, carries it out, and does not show it.",
        problems=(problem,),
        next_step=f"Write `{name}` in backticks, or put a word before it; for the action itself, call its verb.",
    )


def text(body: str, place: Anchor | None) -> str:
    """The text as GitLab understands it, for a comment at that place.

    Raises `Rejected` as `checked` does, and for a suggestion that takes more lines than GitLab replaces.
    """
    above = wire.lines_above(place)
    if above > wire.MOST and wire.has_suggestion(body):
        problem = f"GitLab replaces at most {wire.MOST + 1} lines by a suggestion, and these are {above + 1}"
        raise errors.Rejected(f"{problem}.", problems=(problem,), next_step="Suggest it in several comments.")
    return wire.hosted(checked(body), above)


def position(api: RepositoryApi, number: int, at: Anchor) -> dict[str, Any]:
    """The position of a placed anchor.

    Raises `Unplaceable` where GitLab has no such place, and `Unsupported` for whole files before 16.4.
    """
    if at.is_file and _is_before(api, WHOLE_FILES):
        reason = "comments on whole files need GitLab 16.4"
        text = f"{api.api.server} takes no comment on {at}: {reason}."
        raise errors.Unsupported(text, can=Can.COMMENT_FILE, reason=reason, next_step="Comment on a line of the file.")
    if not at.is_file and at.ends is None:
        text = f"{at} cannot be commented on: GitLab wants both numbers of a line, and its diff is not known here."
        near, reason_ = Anchor.file(at.path, commit=at.commit), PlacementReason.TRUNCATED
        raise errors.Unplaceable(text, anchor=at, reason=reason_, nearest=near, host=api.api.host)
    made = wire.position(at, refs(api, number, at))
    if made is None:
        raise LookupError("an anchor with its ends has a position")
    return made


def _is_before(api: RepositoryApi, wanted: tuple[int, ...]) -> bool:
    """Whether it is known to be an older version; one that does not tell may try."""
    told = None if api.api.addresses.service else api.api.needs_version()
    return told is not None and not told.at_least(wanted)


def refs(api: RepositoryApi, number: int, at: Anchor) -> payloads.DiffRefs:
    """The commits of the diff in which an anchor's lines are counted; asked for where they have not been seen."""
    if at.commit is None:
        raise LookupError("an anchor that is to be posted carries its commit")
    known = api.diffs.of(number, at.commit)
    if known is not None:
        return known
    with api.diffs.asking:
        found = api.diffs.of(number, at.commit) or _asked(api, number, at.commit)
    if found is None:
        text = f"{at} cannot be commented on: GitLab has made no diff of this merge request at {at.commit[:12]}."
        step = "Comment on the head, or on a commit that once was it."
        raise errors.Unplaceable(text, anchor=at, host=api.api.host, next_step=step)
    return found


def _asked(api: RepositoryApi, number: int, commit: str) -> payloads.DiffRefs | None:
    """Look for a diff; for the head's, wait a while: GitLab makes it some time after the push."""
    for pause in (0.0, *_PAUSES):
        sleep(pause)
        versions(api, number)
        found = api.diffs.of(number, commit)
        if found is not None:
            return found
        now = api.api.get(api.pull(number), payloads.DiffHead, about(number))
        made = now.diff_refs is not None and same_commit(now.diff_refs.head_sha, commit)
        if made or not same_commit(now.sha, commit):
            api.diffs.learn(number, now.diff_refs)
            return api.diffs.of(number, commit)
    return None


def versions(api: RepositoryApi, number: int) -> payloads.DiffRefs | None:
    """Read which diffs there have been; gives the newest, `None` where GitLab has not made one yet."""
    rows = api.api.pages(api.pull(number, "versions"), payloads.DiffVersion, about(number))
    found = [
        payloads.DiffRefs(base_sha=row.base_commit_sha, head_sha=row.head_commit_sha, start_sha=row.start_commit_sha)
        for row in rows
    ]
    api.diffs.learn(number, *reversed(found))
    return found[0] if found else None


def displaced(error: errors.BridgeError, at: Anchor | None, body: str) -> errors.BridgeError:
    """A refusal; of the place, where that is what GitLab found fault with. It is never tried somewhere else instead."""
    if at is None or not is_unplaced(error):
        return error
    said = f"GitLab takes no comment at {at}: it finds no such line in its diff"
    return refusals.unplaced(error, at, body, said, refusals.nearest_to(at))


def not_kept(host: str) -> errors.Rejected:
    """The error for a text of which GitLab has kept nothing."""
    problem = "GitLab took the text for commands, carried them out, and posted nothing"
    return errors.Rejected(f"{problem}.", problems=(problem,), host=host)
