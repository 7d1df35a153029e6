"""Where comments go: diffs read into line maps, and anchors placed on them."""

from pullbridge.anchoring.carry import carry
from pullbridge.anchoring.columns import carry_column, from_utf16, to_utf16
from pullbridge.anchoring.diffs import FileDiff, parse_diff
from pullbridge.anchoring.hunks import Hunk, Line, LineKind, LineMap, parse_patch
from pullbridge.anchoring.pieces import carry_by_hunk
from pullbridge.anchoring.placement import in_new_lines, known_lines, place
from pullbridge.anchoring.suggestions import suggestion_block, suggestion_from, suggestions_from, with_suggestion
from pullbridge.model.places import Place, PlaceStatus

__all__ = [
    "FileDiff",
    "Hunk",
    "Line",
    "LineKind",
    "LineMap",
    "Place",
    "PlaceStatus",
    "carry",
    "carry_by_hunk",
    "carry_column",
    "from_utf16",
    "in_new_lines",
    "known_lines",
    "parse_diff",
    "parse_patch",
    "place",
    "suggestion_block",
    "suggestion_from",
    "suggestions_from",
    "to_utf16",
    "with_suggestion",
]
