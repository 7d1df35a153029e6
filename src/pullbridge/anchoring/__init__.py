"""Where comments go: diffs read into line maps, and anchors placed on them."""

from pullbridge.anchoring.diffs import FileDiff, parse_diff
from pullbridge.anchoring.hunks import Hunk, Line, LineKind, LineMap, parse_patch

__all__ = ["FileDiff", "Hunk", "Line", "LineKind", "LineMap", "parse_diff", "parse_patch"]
