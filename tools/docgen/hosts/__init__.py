"""What each host answers, for the page of capabilities: one module a host, loaded when the page is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pullbridge.capabilities import Capabilities, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One host's column: what somebody with all rights is answered, its limits, and who is answered otherwise."""

    host: str
    full: Callable[[], Capabilities]
    limits: Limits
    others: Mapping[str, Callable[[], Capabilities]]


def standings() -> tuple[Standing, ...]:
    """All columns, in the order of the page."""
    from tools.docgen.hosts import (  # noqa: PLC0415  # they are made of the class above
        bitbucket_cloud,
        bitbucket_dc,
        github,
        gitlab,
    )

    return (github.STANDING, gitlab.STANDING, bitbucket_cloud.STANDING, bitbucket_dc.STANDING)
