"""One pull-request interface over GitHub, GitLab and Bitbucket, straight from your machine to the host.

>>> import pullbridge
>>> repo = pullbridge.connect("https://github.com/octo/app")  # sends nothing yet
>>> repo.ref.path
'octo/app'
>>> repo.close()

Names are loaded when they are first used, so that importing this package loads no SDK and no HTTP library.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pullbridge.auth.ambient import Ambient
    from pullbridge.auth.installation import AppInstallation
    from pullbridge.capabilities import Answer, AnswerState, Budget, Can, Capabilities, Limits
    from pullbridge.connect import connect, open_host, parse
    from pullbridge.errors import (
        AlreadyThere,
        BadAnswer,
        BridgeError,
        Cancelled,
        DeadlineExceeded,
        EgressRefused,
        Forbidden,
        HostDown,
        NotMergeable,
        NotThere,
        Offline,
        RateLimited,
        Rejected,
        ScopeMissing,
        SignInFailed,
        SignInNeeded,
        Stale,
        StoreUnusable,
        Unconfirmed,
        UnknownHost,
        Unplaceable,
        Unsupported,
    )
    from pullbridge.host import Host, inbox
    from pullbridge.model.anchor import Anchor, Placement, PlacementReason, Side
    from pullbridge.model.checkouts import BranchChange, CheckedOut
    from pullbridge.model.checks import Check, CheckState, Rollup
    from pullbridge.model.credentials import Anonymous, Basic, Token
    from pullbridge.model.diff import ChangeKind, Commit, Comparison, FileChange
    from pullbridge.model.listing import Listing
    from pullbridge.model.merge import Mergeability, MergeabilityState, MergeMethod, MergeReceipt, MergeState
    from pullbridge.model.panel import Gap, Panel
    from pullbridge.model.people import Label, Milestone, Person, PersonKind, Reaction
    from pullbridge.model.places import Place, PlacedThread, PlaceStatus
    from pullbridge.model.pulls import Branch, Order, Pull, PullState, Role
    from pullbridge.model.refs import PullRef, RepoRef, same_commit
    from pullbridge.model.reviews import (
        DraftComment,
        OnMoved,
        Outcome,
        OutcomeStatus,
        PendingReview,
        Review,
        Reviewer,
        ReviewReceipt,
        ReviewState,
        Verdict,
    )
    from pullbridge.model.settings import Settings
    from pullbridge.model.threads import Comment, CommentState, Suggestion, Task, Thread
    from pullbridge.model.timeline import Template, TimelineItem, TimelineKind
    from pullbridge.model.unset import UNSET
    from pullbridge.ports import Credentials
    from pullbridge.repository.repository import Repository
    from pullbridge.transport.call import Cancel

__version__ = "0.1.0"

_HOMES = {
    "auth.ambient": ("Ambient",),
    "auth.installation": ("AppInstallation",),
    "capabilities": ("Answer", "AnswerState", "Budget", "Can", "Capabilities", "Limits"),
    "connect": ("connect", "open_host", "parse"),
    "errors": (
        "AlreadyThere",
        "BadAnswer",
        "BridgeError",
        "Cancelled",
        "DeadlineExceeded",
        "EgressRefused",
        "Forbidden",
        "HostDown",
        "NotMergeable",
        "NotThere",
        "Offline",
        "RateLimited",
        "Rejected",
        "ScopeMissing",
        "SignInFailed",
        "SignInNeeded",
        "Stale",
        "StoreUnusable",
        "Unconfirmed",
        "UnknownHost",
        "Unplaceable",
        "Unsupported",
    ),
    "host": ("Host", "inbox"),
    "model.anchor": ("Anchor", "Placement", "PlacementReason", "Side"),
    "model.checkouts": ("BranchChange", "CheckedOut"),
    "model.checks": ("Check", "CheckState", "Rollup"),
    "model.credentials": ("Anonymous", "Basic", "Token"),
    "model.diff": ("ChangeKind", "Commit", "Comparison", "FileChange"),
    "model.listing": ("Listing",),
    "model.merge": ("MergeMethod", "MergeReceipt", "MergeState", "Mergeability", "MergeabilityState"),
    "model.panel": ("Gap", "Panel"),
    "model.people": ("Label", "Milestone", "Person", "PersonKind", "Reaction"),
    "model.places": ("Place", "PlaceStatus", "PlacedThread"),
    "model.pulls": ("Branch", "Order", "Pull", "PullState", "Role"),
    "model.refs": ("PullRef", "RepoRef", "same_commit"),
    "model.reviews": (
        "DraftComment",
        "OnMoved",
        "Outcome",
        "OutcomeStatus",
        "PendingReview",
        "Review",
        "ReviewReceipt",
        "ReviewState",
        "Reviewer",
        "Verdict",
    ),
    "model.settings": ("Settings",),
    "model.threads": ("Comment", "CommentState", "Suggestion", "Task", "Thread"),
    "model.timeline": ("Template", "TimelineItem", "TimelineKind"),
    "model.unset": ("UNSET",),
    "ports": ("Credentials",),
    "repository.repository": ("Repository",),
    "transport.call": ("Cancel",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "UNSET",
    "AlreadyThere",
    "Ambient",
    "Anchor",
    "Anonymous",
    "Answer",
    "AnswerState",
    "AppInstallation",
    "BadAnswer",
    "Basic",
    "Branch",
    "BranchChange",
    "BridgeError",
    "Budget",
    "Can",
    "Cancel",
    "Cancelled",
    "Capabilities",
    "ChangeKind",
    "Check",
    "CheckState",
    "CheckedOut",
    "Comment",
    "CommentState",
    "Commit",
    "Comparison",
    "Credentials",
    "DeadlineExceeded",
    "DraftComment",
    "EgressRefused",
    "FileChange",
    "Forbidden",
    "Gap",
    "Host",
    "HostDown",
    "Label",
    "Limits",
    "Listing",
    "MergeMethod",
    "MergeReceipt",
    "MergeState",
    "Mergeability",
    "MergeabilityState",
    "Milestone",
    "NotMergeable",
    "NotThere",
    "Offline",
    "OnMoved",
    "Order",
    "Outcome",
    "OutcomeStatus",
    "Panel",
    "PendingReview",
    "Person",
    "PersonKind",
    "Place",
    "PlaceStatus",
    "PlacedThread",
    "Placement",
    "PlacementReason",
    "Pull",
    "PullRef",
    "PullState",
    "RateLimited",
    "Reaction",
    "Rejected",
    "RepoRef",
    "Repository",
    "Review",
    "ReviewReceipt",
    "ReviewState",
    "Reviewer",
    "Role",
    "Rollup",
    "ScopeMissing",
    "Settings",
    "Side",
    "SignInFailed",
    "SignInNeeded",
    "Stale",
    "StoreUnusable",
    "Suggestion",
    "Task",
    "Template",
    "Thread",
    "TimelineItem",
    "TimelineKind",
    "Token",
    "Unconfirmed",
    "UnknownHost",
    "Unplaceable",
    "Unsupported",
    "Verdict",
    "connect",
    "inbox",
    "open_host",
    "parse",
    "same_commit",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


class _Package(ModuleType):
    """Loading a module puts it into its package by its name; `connect` is a function there, and stays one."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
