"""`pullbridge close`: say no to a pull request."""

from __future__ import annotations

from pullbridge.cli import pulls, screen
from pullbridge.cli.address import ApiUrl, AsJson, Kind, PullAddress, pull_at


def close(pull: PullAddress = ".", *, as_json: AsJson = False, kind: Kind = None, api_url: ApiUrl = None) -> None:
    """Close a pull request without merging it."""
    with screen.busy("Closing"), pull_at(pull, kind, api_url) as at:
        closed = at.repository.pulls.close(at.number)
    pulls.tell(closed, as_json=as_json)
