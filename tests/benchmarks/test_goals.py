"""The goals are judged from what was measured on every host, and by how many pages had to follow each other."""

from __future__ import annotations

import pytest
from benchmarks.goals import Goal, Results, goals
from benchmarks.measure import Run, Series
from benchmarks.places import PLACES
from benchmarks.server import Counts
from benchmarks.tasks import HOSTS

RTT = 0.05


def series(host: str, task: str, contender: str, trips: float, requests: int = 1) -> Series:
    """A series of one run that took so many round trips."""
    return Series(host, task, contender, (Run(trips * RTT, 0.001, Counts(requests=requests, decoded=1000), ""),))


def judged(host: str, trips: float) -> list[Goal]:
    """The goals of a host on which this library needs so many round trips for everything, and all others a hundred."""
    found = Results()
    for contender in HOSTS[host][0]:
        own = contender.name.startswith("pullbridge")
        there = [task for task in PLACES[host].tasks if task in contender.tasks]
        found.warm += [series(host, task, contender.name, trips if own else 100) for task in there]
    return goals(found)


@pytest.mark.parametrize("host", PLACES)
def test_every_host_has_goals_for_every_task(host: str) -> None:
    """Panel, list, poll, review, inbox and connections are judged on each, and with all its contenders."""
    numbers = {goal.number for goal in judged(host, 1)}
    assert {4, 5, 6, 7, 11} < numbers
    assert numbers & {1, 3}
    assert all(PLACES[host].name in goal.says for goal in judged(host, 1))


def test_a_page_more_is_a_round_trip_more() -> None:
    """On Bitbucket Cloud a list of six pages may take six round trips; on GitLab, whose pages are counted, one."""
    cloud = {goal.says: goal.met for goal in judged("bitbucket-cloud", 6.2) if "list of 300" in goal.says}
    gitlab = {goal.says: goal.met for goal in judged("gitlab", 6.2) if "list of 300" in goal.says}
    (says,) = cloud
    assert "6 pages" in says
    assert list(cloud.values()) == [True]
    assert list(gitlab.values()) == [False]


def test_what_fits_a_page_has_no_page_more() -> None:
    """A panel whose comments fit the largest page is held to one round trip on Bitbucket Cloud, too."""
    found = {
        goal.says: goal.met for goal in judged("bitbucket-cloud", 2.2) if "panel" in goal.says and "<=" in goal.says
    }
    assert sorted(found.values()) == [False, True]
    assert next(met for says, met in found.items() if "fits" in says) is False
