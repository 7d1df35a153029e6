"""The verbs: one meaning on every host. One file a noun; what all share is in `verb`, `confirm`, `placing` and `memory`."""

from __future__ import annotations

from pullbridge.repository.repository import Repository

__all__ = ["Repository"]
