"""Values as JSON, for other programs."""

from __future__ import annotations

import sys
from typing import Any

from pullbridge.model.as_json import to_json


def write(value: Any) -> None:
    """Print a value as JSON."""
    sys.stdout.write(f"{to_json(value, indent=2)}\n")
