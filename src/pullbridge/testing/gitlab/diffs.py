"""Changed files: https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs

What is larger than https://docs.gitlab.com/administration/diff_limits/ allows comes without its text.
"""

from __future__ import annotations

import fnmatch
import hashlib
import re
from collections.abc import Sequence
from typing import Any

from pullbridge.testing.diffs import FileDiff
from pullbridge.testing.gitlab.review_knobs import ReviewKnobs
from pullbridge.testing.gitlab.shapes import Shapes

Json = dict[str, Any]

#: The part of the largest patch from which on one is collapsed.
COLLAPSED = 10
_MODE = re.compile(rb"^(old|new|deleted file|new file) mode (\d{6})$|^index \S+ (\d{6})$", re.MULTILINE)


def modes(file: FileDiff) -> tuple[str, str]:
    """The file's mode before and after; `0` where it was not there."""
    head = file.text[: len(file.text) - len(file.patch)] if file.patch else file.text
    before = after = "100644"
    for word, mode, both in _MODE.findall(head):
        if both:
            before = after = both.decode()
        elif word in {b"old", b"deleted file"}:
            before = mode.decode()
        else:
            after = mode.decode()
    return ("0" if file.status == "added" else before), ("0" if file.status == "removed" else after)


def text_of(file: FileDiff) -> str:
    """The hunks as text; what git says of a binary file."""
    if file.patch:
        return file.patch.decode(errors="replace") + "\n"
    notice = file.text.partition(b"\nBinary files ")[2] if file.binary else b""
    return f"Binary files {notice.decode(errors='replace')}" if notice else ""


def too_large(knobs: ReviewKnobs, file: FileDiff) -> bool:
    """Whether its text is never given."""
    return len(file.patch) > knobs.patch_bytes


def collapsed(knobs: ReviewKnobs, file: FileDiff) -> bool:
    """Whether its text is not given in lists."""
    return not too_large(knobs, file) and (
        len(file.patch) > knobs.patch_bytes // COLLAPSED or file.path in knobs.collapsed_files
    )


def generated(knobs: ReviewKnobs, file: FileDiff) -> bool:
    """Whether it is taken for a generated file."""
    return any(fnmatch.fnmatchcase(file.path, pattern) for pattern in knobs.generated_files)


def overflows(knobs: ReviewKnobs, files: Sequence[FileDiff]) -> bool:
    """Whether there are more files, or lines, than a merge request keeps."""
    return len(within(knobs, files)) < len(files)


def within(knobs: ReviewKnobs, files: Sequence[FileDiff]) -> Sequence[FileDiff]:
    """The files that a merge request keeps."""
    count = 0
    for index, file in enumerate(files[: knobs.most_files]):
        count += file.additions + file.deletions
        if count > knobs.most_lines:
            return files[:index]
    return files[: knobs.most_files]


def patch_id(files: Sequence[FileDiff]) -> str:
    """What stays the same when a change is made elsewhere, as `git patch-id` does."""
    lines = [line for file in files for line in file.patch.split(b"\n") if line[:1] in {b"+", b"-"}]
    return hashlib.sha1(b"".join(b"".join(line.split()) for line in lines), usedforsecurity=False).hexdigest()


def diff(shapes: Shapes, file: FileDiff, *, unidiff: bool = False, whole: bool = False) -> Json:
    """`Diff`. `whole` passes over the limits."""
    knobs = shapes.app.knobs
    large, folded = (False, False) if whole else (too_large(knobs, file), collapsed(knobs, file))
    text = "" if large or folded else text_of(file)
    if unidiff and text:
        old = "/dev/null" if file.status == "added" else f"a/{file.old_path}"
        new = "/dev/null" if file.status == "removed" else f"b/{file.path}"
        text = f"--- {old}\n+++ {new}\n{text}"
    before, after = modes(file)
    shown: Json = {"diff": text}
    if shapes.at_least(18, 4):
        shown |= {"collapsed": folded, "too_large": large}
    shown |= {
        "new_path": file.path,
        "old_path": file.old_path,
        "a_mode": before,
        "b_mode": after,
        "new_file": file.status == "added",
        "renamed_file": file.status == "renamed",
        "deleted_file": file.status == "removed",
    }
    if shapes.at_least(16, 9):
        shown["generated_file"] = generated(knobs, file)
    return shown
