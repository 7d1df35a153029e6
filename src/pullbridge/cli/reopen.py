"""`pullbridge reopen`: open again what was closed."""

from __future__ import annotations

from typing import Final

from pullbridge import PullState
from pullbridge.cli import pulls, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind, PullAddress, pull_at

_CLOSED: Final = frozenset({PullState.CLOSED})


def reopen(pull: PullAddress = ".", *, as_json: AsJson = False, kind: Kind = None, api_url: ApiUrl = None) -> None:
    """Open a closed pull request again."""
    with screen.busy("Opening it again"), pull_at(pull, kind, api_url, states=_CLOSED) as at:
        opened = at.repository.pulls.reopen(at.number)
    pulls.tell(opened, as_json=as_json)
