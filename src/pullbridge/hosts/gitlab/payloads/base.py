"""What all of REST's answers have in common."""

from __future__ import annotations

import msgspec


class Rest(msgspec.Struct, gc=False):
    """REST's spelling. Unknown keys are ignored, and only what cannot be missing is required."""
