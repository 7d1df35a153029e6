"""How commits land on the target, and what of it can be chosen: pure.

`merge` makes a merge commit, `rebase_merge` one on top of the target, `ff` none; each may squash first, as far as the
project's `squash_option` lets it. https://docs.gitlab.com/user/project/merge_requests/methods/ and
https://docs.gitlab.com/user/project/merge_requests/squash_and_merge/
"""

from __future__ import annotations

from dataclasses import dataclass

from pullbridge.capabilities import Can
from pullbridge.errors import Unsupported
from pullbridge.hosts.gitlab import payloads
from pullbridge.model.merge import MergeMethod

_WORDS = {"merge": "merge commits", "rebase_merge": "merge commits on top of the target", "ff": "fast-forward"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """How it will land: `squash` is to be asked for, `unsquash` to be taken from the merge request before."""

    squash: bool = False
    unsquash: bool = False
    squashed: bool = False
    commitless: bool = False

    def message_field(self) -> str:
        """Where a message goes. Raises `Unsupported` when there will be no commit to carry it."""
        if self.squashed:
            return "squash_commit_message"
        if self.commitless:
            reason = "a fast-forward makes no commit that could carry a message"
            text = f"It cannot be merged with a message: {reason}."
            raise Unsupported(text, can=Can.CHOOSE_MERGE_METHOD, reason=reason, next_step="Leave `message` out.")
        return "merge_commit_message"


def landing(project: payloads.Project | None, found: payloads.MergeRequest, wanted: MergeMethod | None) -> Landing:
    """How it will land when this method is wanted. Raises `Unsupported` for one that the project's settings rule out.

    Without a wish it lands as the merge request says, or the project.
    """
    setting = project.merge_method if project is not None else None
    option = project.squash_option if project is not None else None
    by_itself = found.squash if found.squash_on_merge is None else found.squash_on_merge
    forced = option == "always"
    if wanted is None:
        squashed = bool(by_itself) if option not in {"always", "never"} else forced
        return Landing(squashed=squashed, commitless=setting == "ff")
    _allowed(wanted, setting, option)
    squashes = wanted is MergeMethod.SQUASH
    return Landing(
        squash=squashes,
        unsquash=bool(by_itself) and not squashes,
        squashed=squashes,
        commitless=setting == "ff",
    )


def _allowed(wanted: MergeMethod, setting: str | None, option: str | None) -> None:
    match wanted:
        case MergeMethod.REBASE:
            reason = "GitLab rebases before a merge, and not by one"
            raise _not_so(wanted, reason, "Rebase it first (`update_branch`), then merge it without a method.")
        case MergeMethod.SQUASH if option == "never":
            raise _not_so(wanted, "the project's settings do not allow to squash")
        case MergeMethod.MERGE | MergeMethod.FAST_FORWARD if option == "always":
            raise _not_so(wanted, "the project's settings squash every merge request")
        case MergeMethod.MERGE if setting == "ff":
            raise _not_so(wanted, _says(setting))
        case MergeMethod.FAST_FORWARD if setting != "ff":
            raise _not_so(wanted, _says(setting or "merge"))


def _says(setting: str) -> str:
    return f"the project's settings say {_WORDS.get(setting, setting)}"


def _not_so(
    wanted: MergeMethod, reason: str, step: str = "Leave the method out, or change the setting."
) -> Unsupported:
    text = f"It cannot be merged by {wanted.value}: {reason}."
    return Unsupported(text, can=Can.CHOOSE_MERGE_METHOD, reason=reason, next_step=step)
