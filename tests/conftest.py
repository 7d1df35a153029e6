"""For the whole suite: no secret of a forge stands in what a test prints or logs, and what it writes is soon gone."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from tests.leaks import Watch
from tests.roomy import in_memory

_watch = Watch()
_patch = pytest.MonkeyPatch()


def pytest_configure() -> None:
    """Hear of every forge, and let them live in memory."""
    in_memory()
    _watch.follow(_patch)


def pytest_unconfigure() -> None:
    """Leave everything as it was."""
    _patch.undo()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test whose output has a secret in it, and say where; the secret itself is not shown again."""
    report = yield
    leaks = _watch.found(report.sections) if report.when == "teardown" else []
    if leaks:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: a secret of the forge stands in {', '.join(leaks)}"
    if leaks or report.passed:  # a log of every detail is for those alone that failed
        report.sections = [section for section in report.sections if "log" not in section[0]]
    if report.when == "teardown":
        _watch.next_test()
    return report
