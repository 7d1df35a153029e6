"""Values as JSON, for other programs."""

from __future__ import annotations

import json
import sys
from typing import Any

import msgspec

from pullbridge.capabilities import Capabilities


def dumps(value: Any) -> str:
    """A value of the model as JSON: fields by their names, enums by their values, times in ISO 8601.

    Only ASCII, so that what a host said stays harmless when the output ends up on a terminal.
    """
    return json.dumps(msgspec.to_builtins(value, str_keys=True, enc_hook=_plain), indent=2)


def write(value: Any) -> None:
    """Print a value as JSON."""
    sys.stdout.write(f"{dumps(value)}\n")


def _plain(value: Any) -> Any:
    if isinstance(value, Capabilities):
        return {can.name.lower(): msgspec.to_builtins(answer) for can, answer in value.items()}
    raise TypeError(f"{type(value).__name__} has no form in JSON")
