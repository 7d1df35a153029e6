"""Comments on their way to Data Center: where they will hang, and in which diff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pullbridge import errors
from pullbridge.capabilities import Can
from pullbridge.hosts import refusals
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_dc import files, payloads, wire
from pullbridge.hosts.bitbucket_dc.abilities import RULES
from pullbridge.hosts.bitbucket_dc.api import RepositoryApi
from pullbridge.hosts.bitbucket_dc.errors import READ, about, writing
from pullbridge.hosts.bitbucket_dc.versioned import TRIES, persistent, read
from pullbridge.model.anchor import Anchor, PlacementReason
from pullbridge.model.refs import same_commit
from pullbridge.transport.call import Repeat

#: Older versions take no notice of where a range begins.
RANGES = RULES[Can.COMMENT_RANGE].since
COMMENT = "such comment"


def post(api: RepositoryApi, number: int, body: str, at: Anchor | None = None, **more: Any) -> payloads.Comment:
    """Post a comment, at a place that has been found in a diff. What Bitbucket does not place is never put elsewhere.

    Raises `Unplaceable` for a place that it does not have, and `Stale` where the diff has changed since.
    """
    path, asked = api.pull(number, "comments"), writing(number)
    for left in reversed(range(TRIES)):
        values = {"text": body, **more} if at is None else {"text": body, **more, "anchor": anchor(api, number, at)}
        try:
            made = api.api.send("POST", path, values, payloads.Comment, asked)
        except errors.Stale as error:
            if at is None or not left or not _moved_below(api, number, at, values["anchor"]):
                raise _other_diff(error, at) from error.__cause__
        except errors.Rejected as error:
            raise displaced(error, at, body) from error.__cause__
        else:
            return made
    raise AssertionError("the last try ends in an answer or in an error")


def anchor(api: RepositoryApi, number: int, at: Anchor) -> dict[str, Any]:
    """The anchor of a place. Raises `Unplaceable` where that cannot be told, or has more lines than the version takes."""
    if not at.is_file and at.ends is None:
        text = (
            f"{at} cannot be commented on: Bitbucket wants to know what its lines are, and its diff is not known here."
        )
        near, reason = Anchor.file(at.path, commit=at.commit), PlacementReason.TRUNCATED
        raise errors.Unplaceable(text, anchor=at, reason=reason, nearest=near, host=api.api.host)
    if (at.start != at.end or at.start_side is not None) and not api.api.at_least(RANGES):
        near = replace(at, start=at.end, start_side=None, ends=None)
        text = f"{at} cannot be commented on: {api.api.server} takes comments on one line alone. The nearest is {near}."
        reason = PlacementReason.NO_RANGES
        raise errors.Unplaceable(text, anchor=replace(at, ends=None), reason=reason, nearest=near, host=api.api.host)
    kind, ends = _diff(api, number, at)
    made = wire.written(at, kind, ends)
    if made is None:
        raise LookupError("an anchor with its ends can be written")
    return made


def _diff(api: RepositoryApi, number: int, at: Anchor) -> tuple[str, wire.Ends]:
    """The diff in which a place is: that of the pull request, or one up to an older head of it."""
    if at.commit is None:
        raise LookupError("an anchor that is to be posted carries its commit")
    with api.diffs.asking:
        known = api.diffs.of(number)
        if known is None or known.since is None:
            known = _asked(api, number)
        if same_commit(known.until, at.commit):
            return wire.EFFECTIVE, known
        base = at.base or _base(api, number, at.commit)
    if base is None:
        text = f"{at} cannot be commented on: Bitbucket does not tell where its commit left the target."
        raise errors.Unplaceable(text, anchor=at, host=api.api.host, next_step="Comment on the head.")
    return wire.RANGE, wire.Ends(since=base, until=at.commit)


def _asked(api: RepositoryApi, number: int) -> wire.Ends:
    """The diff of the pull request as it is now."""
    params = {"limit": 1, "withComments": "false"}
    found = api.api.get(api.pull(number, "changes"), payloads.PullChanges, about(number), params=params)
    api.diffs.learn(number, found.from_hash, found.to_hash)
    return wire.Ends(since=found.from_hash, until=found.to_hash)


def _base(api: RepositoryApi, number: int, commit: str) -> str | None:
    """Where an older head left the target: asked for once."""
    if commit not in api.diffs.bases:
        target = read(api, number).to_ref.latest_commit
        api.diffs.learn_base(commit, None if target is None else files.parted(api, target, commit)[1])
    return api.diffs.bases[commit]


def _moved_below(api: RepositoryApi, number: int, at: Anchor, sent: Mapping[str, Any]) -> bool:
    """Whether the diff begins elsewhere now, and still ends at the head that was looked at: the target was pushed to."""
    if sent["diffType"] != wire.EFFECTIVE:
        return False
    now = _asked(api, number)
    return same_commit(now.until, at.commit) and now.since != sent.get("fromHash")


def _other_diff(error: errors.Stale, at: Anchor | None) -> errors.Stale:
    if at is None:
        return error
    text = f"The source branch has moved since {at} was made."
    facts: dict[str, Any] = {"host": error.host, "status": error.status, "request_id": error.request_id}
    return errors.Stale(text, expected=at.commit, **facts)


def changed(
    api: RepositoryApi, number: int, comment: str, values: Mapping[str, Any], *, what: str = COMMENT
) -> payloads.Comment:
    """Write over a part of a comment, which names the version that is read before."""
    path, asked = api.pull(number, "comments", comment), Asked(what=what, write=True, needs=READ)

    def write(now: payloads.Comment) -> payloads.Comment:
        body = {**values, "version": now.version}
        return api.api.send("PUT", path, body, payloads.Comment, asked, repeat=Repeat.SAFE)

    found: payloads.Comment = persistent(lambda: _read(api, number, comment, what), write)
    return found


def removed(api: RepositoryApi, number: int, comment: str) -> None:
    """Delete a comment, or a draft of mine. Raises `Rejected` for one that has answers."""
    path, asked = api.pull(number, "comments", comment), Asked(what=COMMENT, write=True, needs=READ)
    persistent(
        lambda: _read(api, number, comment, COMMENT),
        lambda now: api.api.reply("DELETE", path, asked, params={"version": now.version}),
    )


def _read(api: RepositoryApi, number: int, comment: str, what: str) -> payloads.Comment:
    return api.api.get(api.pull(number, "comments", comment), payloads.Comment, Asked(what=what, needs=READ))


def reference(comment: str) -> dict[str, int]:
    """A comment as other comments name it. Raises `NotThere` for what is no comment's id."""
    if not (comment.isascii() and comment.isdigit()):
        raise errors.NotThere(f"Bitbucket has no comment {comment!r}.", what=COMMENT)
    return {"id": int(comment)}


def displaced(error: errors.Rejected, at: Anchor | None, body: str) -> errors.BridgeError:
    """A refusal; of the place, where it is not the text that Bitbucket found fault with."""
    if at is None or error.status != 400 or any(each.lower().startswith("text:") for each in error.problems):
        return error
    why = f" ({error.problems[0].rstrip('.')})" if error.problems else ""
    return refusals.unplaced(error, at, body, f"Bitbucket takes no comment at {at}{why}", refusals.nearest_to(at))
