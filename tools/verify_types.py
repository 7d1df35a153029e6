"""Whether a caller's type checker knows the type of every name: `python tools/verify_types.py`.

pyright judges the package as a library that says it is typed: https://microsoft.github.io/pyright/#/typed-libraries
Names whose type is unknown, or which type checkers may infer differently, are listed, and any of them is a failure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def report(root: Path) -> Mapping[str, Any]:
    """What pyright says of the package in this checkout."""
    # It asks the first `python` on the path for what is installed (`--pythonpath` is for its other modes), and would
    # take a package in its own folder for a program's own source.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(root / "src"), "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    command = [sys.executable, "-m", "pyright", "--verifytypes", "pullbridge", "--ignoreexternal", "--outputjson"]
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)
    try:
        found: Mapping[str, Any] = json.loads(told.stdout)
    except ValueError:
        raise SystemExit(f"pyright gave no report:\n{told.stdout}{told.stderr}") from None
    return found


def problems(found: Mapping[str, Any]) -> Iterator[str]:
    """What keeps a report from being 100 %: one line a name. Nothing looked at is a problem, too."""
    names = found.get("typeCompleteness", {}).get("symbols", ())
    if not names:
        yield "pyright looked at no name: is the package there, with its py.typed?"
    for name in names:
        if not name["isTypeKnown"] or name["isTypeAmbiguous"]:
            errors = [each for each in name["diagnostics"] if each["severity"] == "error"]
            yield from (f"{name['name']}: {_line(each)}" for each in errors or [{"message": "its type is not known"}])


def _line(diagnostic: Mapping[str, Any]) -> str:
    # pyright indents with no-break spaces.
    return " ".join(diagnostic["message"].split())


def main() -> int:
    found = report(ROOT)
    said = list(problems(found))
    print("\n".join(said), end="\n" if said else "")
    known = found.get("typeCompleteness", {})
    print(f"{known.get('completenessScore', 0):.2%} of {len(known.get('symbols', ()))} names have a known type.")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
