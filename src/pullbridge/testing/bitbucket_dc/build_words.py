"""States of builds, in this host's words and in the store's."""

from __future__ import annotations

from typing import Literal

from pullbridge.testing.store import CheckRun, Status

BuildState = Literal["SUCCESSFUL", "FAILED", "INPROGRESS", "CANCELLED", "UNKNOWN"]

_OF_STATUS: dict[str, BuildState] = {
    "success": "SUCCESSFUL",
    "failure": "FAILED",
    "error": "FAILED",
    "pending": "INPROGRESS",
}
_OF_CONCLUSION: dict[str | None, BuildState] = {
    "success": "SUCCESSFUL",
    "failure": "FAILED",
    "timed_out": "FAILED",
    "cancelled": "CANCELLED",
}
_STORE: dict[str, Literal["error", "failure", "pending", "success"]] = {
    "SUCCESSFUL": "success",
    "FAILED": "failure",
    "INPROGRESS": "pending",
    "CANCELLED": "error",
    "UNKNOWN": "pending",
}


def state_of(check: Status | CheckRun) -> BuildState:
    """What the store's check is here."""
    if isinstance(check, Status):
        return _OF_STATUS[check.state]
    return "INPROGRESS" if check.status != "completed" else _OF_CONCLUSION.get(check.conclusion, "UNKNOWN")


def store_state(word: str) -> Literal["error", "failure", "pending", "success"]:
    """What a state is in the store."""
    return _STORE[word]
