"""Where a program is that this library starts: by an absolute place on the path, never out of the current folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def found(name: str) -> str | None:
    """The program on the path; `None` where there is none.

    A folder that the path names relatively is left out: it may be a checkout, whose files come from anybody.
    """
    places = (place for place in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(place).is_absolute())
    return next((found for place in places if (found := shutil.which(str(Path(place, name))))), None)
