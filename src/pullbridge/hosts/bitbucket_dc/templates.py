"""The texts for new pull requests, which Data Center has (Repository settings > Pull requests), and its REST does not tell.

https://jira.atlassian.com/browse/BSERV-8663
"""

from __future__ import annotations

from typing import NoReturn

from pullbridge.capabilities import Can
from pullbridge.hosts.bitbucket_dc.refusing import unsupported


def templates(host: str) -> NoReturn:
    """Raise `Unsupported`."""
    raise unsupported(Can.TEMPLATES, host)
