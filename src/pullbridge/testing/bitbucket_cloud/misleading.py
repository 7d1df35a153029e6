"""What a hostile host does to the links in its answers, as `Knobs` say."""

from __future__ import annotations

from typing import Any

from pullbridge.testing.bitbucket_cloud.knobs import Knobs


def mislead(knobs: Knobs, payload: dict[str, Any]) -> None:
    """Let `next` and `links.self` lead elsewhere."""
    if knobs.next_to is not None and "values" in payload:
        payload["next"] = knobs.next_to
    if knobs.self_to is not None:
        _each_self(payload, {"href": knobs.self_to})


def _each_self(value: Any, link: dict[str, str]) -> None:
    if isinstance(value, list):
        for each in value:
            _each_self(each, link)
    elif isinstance(value, dict):
        if isinstance(value.get("links"), dict) and "self" in value["links"]:
            value["links"]["self"] = link
        for each in value.values():
            _each_self(each, link)
