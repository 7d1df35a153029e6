"""Labels and milestones: https://docs.gitlab.com/api/labels/, https://docs.gitlab.com/api/milestones/"""

from __future__ import annotations

from typing import Any

from pullbridge.testing.gitlab.asking import Answer, Ask, Route
from pullbridge.testing.gitlab.errors import conflict, invalid, not_found
from pullbridge.testing.gitlab.pull_shapes import basic_pull
from pullbridge.testing.gitlab.roles import REPORTER
from pullbridge.testing.store import Label, Milestone


def label_shape(ask: Ask, label: Label) -> dict[str, Any]:
    """`ProjectLabel`."""
    shown = ask.shapes.label_basic(label)
    if ask.flag("with_counts"):
        pulls = [pull for pull in ask.project.pulls.values() if pull.state == "open" and label in pull.labels]
        shown |= {"open_issues_count": 0, "closed_issues_count": 0, "open_merge_requests_count": len(pulls)}
    return shown | {"subscribed": False, "priority": None, "is_project_label": True}


def labels(ask: Ask) -> Answer:
    """GET labels, by name."""
    text = (ask.text("search") or "").lower()
    found = [label for label in ask.project.labels.values() if text in label.name.lower()]
    return ask.paged(sorted(found, key=lambda label: label.name), lambda label: label_shape(ask, label))


def _label(ask: Ask) -> Label:
    name = str(ask.values["name"])
    known = ask.project.labels.values()
    found = next((label for label in known if str(label.id) == name or label.name == name), None)
    if found is None:
        raise not_found("Label")
    return found


def get_label(ask: Ask) -> Answer:
    """GET labels/:name, by number or name."""
    return Answer(payload=label_shape(ask, _label(ask)))


def create_label(ask: Ask) -> Answer:
    """POST labels."""
    ask.need("name", "color")
    name, color = ask.filled("name") or "", (ask.text("color") or "").removeprefix("#")
    if name.lower() in ask.project.labels:
        raise conflict("Label already exists")
    made = ask.store.repositories.label(ask.project, name, color, ask.text("description"))
    return Answer(payload=label_shape(ask, made), status=201)


def delete_label(ask: Ask) -> Answer:
    """DELETE labels/:name: it is gone from every merge request."""
    label = _label(ask)
    for pull in ask.project.pulls.values():
        pull.labels = [other for other in pull.labels if other is not label]
    del ask.project.labels[label.name.lower()]
    return Answer(status=204)


# -- milestones --------------------------------------------------------------------------------------------------------


def milestones(ask: Ask) -> Answer:
    """GET milestones, newest first."""
    state, title = ask.choice("state", ("active", "closed", "all"), "all"), ask.text("title")
    text, numbers = (ask.text("search") or "").lower(), ask.numbers("iids")
    found = [
        stone
        for stone in ask.project.milestones.values()
        if (state == "all" or (stone.state == "open") == (state == "active"))
        and (title is None or stone.title == title)
        and text in stone.title.lower()
        and (numbers is None or stone.number in numbers)
    ]
    return ask.paged(found[::-1], lambda stone: ask.shapes.milestone(ask.project, stone))


def _milestone(ask: Ask) -> Milestone:
    found = ask.record(Milestone, "id", "Milestone")
    if found not in ask.project.milestones.values():
        raise not_found("Milestone")
    return found


def get_milestone(ask: Ask) -> Answer:
    """GET milestones/:id."""
    return Answer(payload=ask.shapes.milestone(ask.project, _milestone(ask)))


def create_milestone(ask: Ask) -> Answer:
    """POST milestones."""
    ask.need("title")
    title = ask.filled("title") or ""
    if any(stone.title == title for stone in ask.project.milestones.values()):
        raise invalid(title="already being used for another group or project milestone.")
    made = ask.store.repositories.milestone(ask.project, title, ask.me)
    made.description, made.due_on = ask.text("description"), ask.moment("due_date")
    return Answer(payload=ask.shapes.milestone(ask.project, made), status=201)


def milestone_pulls(ask: Ask) -> Answer:
    """GET milestones/:id/merge_requests."""
    stone = _milestone(ask)
    found = [pull for pull in ask.project.pulls.values() if pull.milestone is stone]
    return ask.paged(found, lambda pull: basic_pull(ask.shapes, pull, full=False))


_LABELS, _MILESTONES = "/projects/<project>/labels", "/projects/<project>/milestones"
_STONE = f"{_MILESTONES}/<int:id>"
ROUTES = (
    Route(method="GET", rule=_LABELS, answer=labels, permission="read_label"),
    Route(method="POST", rule=_LABELS, answer=create_label, permission="create_label", level=REPORTER),
    Route(method="GET", rule=f"{_LABELS}/<name>", answer=get_label, permission="read_label"),
    Route(method="DELETE", rule=f"{_LABELS}/<name>", answer=delete_label, permission="delete_label", level=REPORTER),
    Route(method="GET", rule=_MILESTONES, answer=milestones, permission="read_milestone"),
    Route(method="POST", rule=_MILESTONES, answer=create_milestone, permission="create_milestone", level=REPORTER),
    Route(method="GET", rule=_STONE, answer=get_milestone, permission="read_milestone"),
    Route(method="GET", rule=f"{_STONE}/merge_requests", answer=milestone_pulls, permission="read_merge_request"),
)
