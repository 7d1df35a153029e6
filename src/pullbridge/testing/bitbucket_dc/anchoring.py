"""Where a comment may hang, and where it hangs after a push.

An anchor names a diff, a file of it and, for a line, its number, its type and its side. They are looked up in git's diff:
a line that is not there, or is of another type, is refused.
https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-pull-requests/#api-api-latest-projects-projectkey-repos-repositoryslug-pull-requests-pullrequestid-comments-post
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from pullbridge.testing.bitbucket_dc import errors
from pullbridge.testing.bitbucket_dc.diffs import between, find, kinds_of
from pullbridge.testing.bitbucket_dc.records import Anchor, DiffType, FileType, LineType
from pullbridge.testing.diffs import FileDiff
from pullbridge.testing.store import PullRequest

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.asking import Ask
    from pullbridge.testing.bitbucket_dc.states import PullState

Json = dict[str, Any]
#: Since when ranges are understood; what came before takes no notice of them.
RANGES = (9, 2)
#: Since when a range must tell the lines on both sides, too. Seen in go-gitea/gitea's script that seeds a Data Center for
#: its migration tests ("the creation requires multilineMarker AND a pre-computed multilineSpan"); the version is unverified.
SPANS = (10, 0)


def read(ask: Ask, told: Json) -> Anchor:
    """The anchor that was sent for a new comment; 400 for what cannot be, 409 for the diff of another time."""
    path = path_in(told.get("path"))
    if not path:
        raise errors.invalid("anchor.path", "A path is required for an anchored comment.")
    diff_type = _diff_type(told)
    base, head = _hashes(ask, told, diff_type)
    line = _whole(told, "line")
    anchor = Anchor(path=path, from_hash=base, to_hash=head, diff_type=diff_type)
    anchor = replace(anchor, src_path=path_in(told.get("srcPath")) or None)
    if line is None:
        return _of_file(ask, anchor)
    line_type = _word(told, "lineType", get_args(LineType), None)
    if line_type is None:
        raise errors.invalid("anchor.lineType", "A line type is required for a comment on a line.")
    usual = "FROM" if line_type == "REMOVED" else "TO"
    file_type: Any = _word(told, "fileType", get_args(FileType), usual)
    kind: Any = line_type
    anchor = replace(anchor, line=line, line_type=kind, file_type=file_type)
    if ask.at_least(*RANGES) and isinstance(told.get("multilineMarker"), dict):
        anchor = _ranged(ask, anchor, told)
    # seen at a 10.4: a line of another commit range is taken as it is told
    return _checked(ask, anchor, _file(ask, anchor)) if diff_type == "EFFECTIVE" else anchor


def _of_file(ask: Ask, anchor: Anchor) -> Anchor:
    """A comment on a whole file: one that is there, changed or not."""
    git = ask.repository.git
    if git.blob(anchor.to_hash, anchor.path) is None and git.blob(anchor.from_hash, anchor.path) is None:
        raise errors.no_path(anchor.path, anchor.to_hash)
    return anchor


def path_in(told: object) -> str:
    """A path as a string, or as the object that the specification has."""
    if isinstance(told, dict):
        parts = told.get("components")
        return "/".join(str(part) for part in parts) if isinstance(parts, list) else str(told.get("toString") or "")
    return told if isinstance(told, str) else ""


def _diff_type(told: Json) -> DiffType:
    hashes = bool(told.get("fromHash") or told.get("toHash"))
    word: Any = _word(told, "diffType", get_args(DiffType), None if hashes else "EFFECTIVE")
    if word is None:
        raise errors.invalid("anchor.diffType", "A diff type is required when commits are given.")
    return word  # type: ignore[no-any-return] # one of its values, as `_word` made sure


def _word(told: Json, name: str, words: tuple[str, ...], default: str | None) -> str | None:
    value = told.get(name)
    if value is None:
        return default
    if value not in words:
        raise errors.invalid(f"anchor.{name}", f"'{value}' is not one of {', '.join(words)}.")
    return str(value)


def _whole(told: Json, name: str) -> int | None:
    value = told.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
        return value
    raise errors.invalid(f"anchor.{name}", f"The {name} must be a positive integer.")


def _hashes(ask: Ask, told: Json, diff_type: DiffType) -> tuple[str, str]:
    """The ends of the diff that is meant. Today's effective diff needs none; another one's are out of date."""
    pull, base, head = ask.pull, told.get("fromHash"), told.get("toHash")
    if diff_type == "EFFECTIVE":
        bases = {None, pull.merge_base, ask.state.target}
        if base not in bases or head not in {None, pull.head}:
            # seen with both hashes the wrong way round: 409, not 400
            raise errors.out_of_date(ask.state.version, ask.state.version)
        return effective_base(ask, pull), pull.head
    git = pull.repository.git
    if not isinstance(head, str):
        raise errors.invalid("anchor.toHash", "Both commits are required.")
    until = ask.commit(head)
    if isinstance(base, str):
        return ask.commit(base), until
    parents = git.commit(until).parents
    if diff_type == "RANGE" or not parents:
        raise errors.invalid("anchor.fromHash", "Both commits are required.")
    return parents[0], until


def effective_base(ask: Ask, pull: PullRequest) -> str:
    """Where the effective diff starts: where the source left the target (unverified: see the knob)."""
    return ask.state.target if ask.knobs.from_hash_is_target else pull.merge_base


def _diff_base(anchor: Anchor, state: PullState) -> str:
    return state.pull.merge_base if anchor.from_hash == state.target else anchor.from_hash


def _file(ask: Ask, anchor: Anchor) -> FileDiff:
    """The changed file that an anchor is in. A moved one is found as such by who names where it came from."""
    git, base = ask.pull.repository.git, _diff_base(anchor, ask.state)
    file = find(between(git, base, anchor.to_hash), anchor.path)
    if file is not None and file.old_path not in {file.path, anchor.src_path}:
        file = find(between(git, base, anchor.to_hash, renames=False), anchor.path)
    if file is None:
        raise errors.bad_argument(f"The path '{anchor.path}' is not part of the diff.")
    return file


def _ranged(ask: Ask, anchor: Anchor, told: Json) -> Anchor:
    marker = told["multilineMarker"]
    start = _whole(marker, "startLine")
    kind: Any = _word(marker, "startLineType", get_args(LineType), None)
    if start is None or kind is None:
        raise errors.invalid("anchor.multilineMarker", "A start line and its type are required.")
    if (ask.at_least(*SPANS) or ask.knobs.wants_spans) and not isinstance(told.get("multilineSpan"), dict):
        raise errors.invalid("anchor.multilineSpan", "The span of a multiline comment is required.")
    return replace(anchor, start_line=start, start_line_type=kind)


def start_side(anchor: Anchor) -> FileType:
    """The side that a range begins on: a changed line has one, an unchanged one is on that of the end."""
    sides: dict[LineType | None, FileType] = {"REMOVED": "FROM", "ADDED": "TO"}
    return sides.get(anchor.start_line_type, anchor.file_type or "TO")


def _checked(ask: Ask, anchor: Anchor, file: FileDiff) -> Anchor:
    """Refuse a line that the diff does not have. The status is the specification's, the words are unverified."""
    said = wrong(anchor, file)
    if said is None:
        return anchor
    if not ask.knobs.checks_anchors:
        return replace(anchor, orphaned=True)
    raise errors.bad_argument(said)


def wrong(anchor: Anchor, file: FileDiff) -> str | None:
    """What is wrong with a line's anchor in a diff; `None` when nothing is."""
    kinds = kinds_of(file)
    end = kinds.get((anchor.file_type or "TO", anchor.line or 0))
    if end is None or end[0] != anchor.line_type:
        return f"Line {anchor.line} of {anchor.path} is no {anchor.line_type} line of the diff."
    if anchor.start_line is None:
        return None
    start = kinds.get((start_side(anchor), anchor.start_line))
    if start is None or start[0] != anchor.start_line_type or start[1] != end[1]:
        return f"Line {anchor.start_line} of {anchor.path} is no {anchor.start_line_type} line of the same hunk."
    if start_side(anchor) == anchor.file_type and anchor.start_line >= (anchor.line or 0):
        return "A multiline comment must start before it ends."
    return None


# -- after a push ------------------------------------------------------------------------------------------------------


def drift(anchor: Anchor, state: PullState, base: str) -> Anchor:
    """Where an anchor of the effective diff is in today's; orphaned, as it was, when a line of it changed or left.

    https://confluence.atlassian.com/bitbucketserverkb/how-does-comment-drift-work-779171742.html
    """
    pull = state.pull
    if anchor.diff_type != "EFFECTIVE" or anchor.orphaned:
        return anchor
    git = pull.repository.git
    moved = {file.old_path: file for file in between(git, anchor.to_hash, pull.head)}.get(anchor.path)
    path = anchor.path if moved is None or moved.status == "removed" else moved.path
    file = find(between(git, pull.merge_base, pull.head), path)
    if file is None and anchor.line is None and moved is None:
        return replace(anchor, from_hash=base, to_hash=pull.head)
    if file is None:
        return replace(anchor, orphaned=True)
    source = None if file.old_path == file.path else file.old_path
    carried = replace(anchor, path=path, src_path=source, from_hash=base, to_hash=pull.head)
    if anchor.line is None:
        return carried
    old = _Then(anchor, moved, _base_change(anchor, state))
    end = old.now(anchor.file_type or "TO", anchor.line)
    start = None if anchor.start_line is None else old.now(start_side(anchor), anchor.start_line)
    if end is None or (anchor.start_line is not None and start is None):
        return replace(anchor, orphaned=True)
    return _retyped(replace(carried, line=end, start_line=start), anchor, file)


class _Then:
    """Where the lines of an anchor's files are today."""

    def __init__(self, anchor: Anchor, head: FileDiff | None, base: FileDiff | None) -> None:
        self._anchor = anchor
        self._changes: dict[FileType, FileDiff | None] = {"TO": head, "FROM": base}

    def now(self, side: FileType, line: int) -> int | None:
        change = self._changes[side]
        return line if change is None else change.carry(line)


def _base_change(anchor: Anchor, state: PullState) -> FileDiff | None:
    """How the old file changed, when the effective diff starts elsewhere now."""
    git = state.pull.repository.git
    before = _diff_base(anchor, state)
    if before == state.pull.merge_base:
        return None
    changes = between(git, before, state.pull.merge_base)
    return {file.old_path: file for file in changes}.get(anchor.src_path or anchor.path)


def _retyped(carried: Anchor, anchor: Anchor, file: FileDiff) -> Anchor:
    """The lines' types in today's diff: what was added may be there already, and what was unchanged far from any change."""
    kinds = kinds_of(file)
    end = kinds.get((carried.file_type or "TO", carried.line or 0))
    if end is None:
        return replace(anchor, orphaned=True)
    if carried.start_line is None:
        return replace(carried, line_type=end[0])
    start = kinds.get((start_side(carried), carried.start_line))
    if start is None or start[1] != end[1]:
        return replace(anchor, orphaned=True)
    return replace(carried, line_type=end[0], start_line_type=start[0])
