"""What became of a pull request, as the commands that change one tell it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pullbridge.cli import jsons, render, screen
from pullbridge.cli.look import said

if TYPE_CHECKING:
    from pullbridge import Pull


def tell(pull: Pull, *, as_json: bool) -> None:
    """Print its head, and its address on a line of its own for whoever copies or pipes it."""
    if as_json:
        jsons.write(pull)
        return
    console = screen.console()
    console.print(render.pull_header(pull, now=datetime.now(UTC)))
    if pull.url:
        console.print(said(pull.url), soft_wrap=True)
