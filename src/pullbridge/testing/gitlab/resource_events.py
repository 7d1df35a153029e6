"""What happened to labels, milestones and the state.

https://docs.gitlab.com/api/resource_label_events/, `resource_milestone_events`, `resource_state_events`
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import not_found
from pullbridge.testing.gitlab.shapes import stamp
from pullbridge.testing.store import Event

_ACTIONS = {"labeled": "add", "unlabeled": "remove", "milestoned": "add", "demilestoned": "remove"}


def _common(ask: Ask, event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "user": ask.shapes.user(event.actor),
        "created_at": stamp(event.created_at),
        "resource_type": "MergeRequest",
        "resource_id": ask.pull.id,
    }


def _label(ask: Ask, event: Event) -> dict[str, Any]:
    shown = ask.shapes.label_basic(event.data["label"])
    return {**_common(ask, event), "label": shown, "action": _ACTIONS[event.kind]}


def _milestone(ask: Ask, event: Event) -> dict[str, Any]:
    shown = ask.shapes.milestone(ask.project, event.data["milestone"])
    # The state that it had then, of which nothing is kept here
    return {**_common(ask, event), "milestone": shown, "action": _ACTIONS[event.kind], "state": "opened"}


def _state(ask: Ask, event: Event) -> dict[str, Any]:
    return {**_common(ask, event), "source_commit": None, "source_merge_request_id": None, "state": event.kind}


Shape = Callable[[Ask, Event], dict[str, Any]]


def _events(ask: Ask, kinds: tuple[str, ...]) -> list[Event]:
    return [event for event in ask.pull.events if event.kind in kinds]


def _list(kinds: tuple[str, ...], shape: Shape) -> Callable[[Ask], Answer]:
    return lambda ask: ask.paged(_events(ask, kinds), lambda event: shape(ask, event))


def _one(kinds: tuple[str, ...], shape: Shape) -> Callable[[Ask], Answer]:
    def answer(ask: Ask) -> Answer:
        for event in _events(ask, kinds):
            if event.id == int(ask.values["event"]):
                return Answer(payload=shape(ask, event))
        raise not_found()

    return answer


_PULL = "/projects/<project>/merge_requests/<int:iid>"


def _routes(name: str, kinds: tuple[str, ...], shape: Shape) -> tuple[Route, ...]:
    rule, permission = f"{_PULL}/resource_{name}_events", f"read_merge_request_{name}_event"
    return (
        Route(method="GET", rule=rule, answer=_list(kinds, shape), signed_in=True, permission=permission),
        Route(
            method="GET", rule=f"{rule}/<int:event>", answer=_one(kinds, shape), signed_in=True, permission=permission
        ),
    )


ROUTES = (
    *_routes("label", ("labeled", "unlabeled"), _label),
    *_routes("milestone", ("milestoned", "demilestoned"), _milestone),
    *_routes("state", ("closed", "reopened", "merged"), _state),
)
