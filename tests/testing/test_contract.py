"""The contract for adapters: it skips with a reason, and it notices."""

from __future__ import annotations

import pytest

import pullbridge
from pullbridge.testing import Forge, HostContract
from pullbridge.testing.contract import Scene
from pullbridge.testing.contract.scene import needs
from pullbridge.testing.contract.whole import VERBS


def test_what_a_host_cannot_is_skipped_with_its_reason(forge: Forge) -> None:
    """The capabilities say it, in their own words; what is unknown even after a probe is tried."""
    app = forge.github.repository("octo/app")
    with pullbridge.connect(app.url, credentials=pullbridge.Anonymous(), settings=forge.github.settings) as repo:
        needs(repo, pullbridge.Can.READ)
        with pytest.raises(pytest.skip.Exception, match="TASKS: GitHub has no tasks"):
            needs(repo, pullbridge.Can.READ, pullbridge.Can.TASKS)


def test_a_refusal_after_a_request_is_noticed(forge: Forge) -> None:
    """An adapter that asks its host first breaks the promise, though the error is the same."""
    app = forge.github.repository("octo/app")
    scene = Scene(forge.github, app, pullbridge.Token)
    with scene.exit:
        repo = scene.connect("ada")
        with pytest.raises(AssertionError, match="sent before"):
            scene.refused(lambda: repo.pulls.get(7), pullbridge.NotThere)
        error = scene.refused(lambda: repo.pulls.get(0), pullbridge.Rejected)
        assert isinstance(error, pullbridge.Rejected)


def test_every_verb_of_the_table_asks_for_its_ability(forge: Forge) -> None:
    """Blocked one by one, each names the ability that it is listed under."""
    app = forge.github.repository("octo/app", files={"src/edge.py": "x\n"})
    app.commit("fix/edge", {"src/edge.py": "y\n"})
    token = pullbridge.Token(forge.github.token("ada"))
    with pullbridge.connect(app.url, credentials=token, settings=forge.github.settings) as repo:
        pull = repo.pulls.create("t", "fix/edge", "main")
        port = repo._session.port
        for can, verb in VERBS.items():
            all_but = pullbridge.Capabilities(
                dict.fromkeys(pullbridge.Can, pullbridge.Answer(state=pullbridge.AnswerState.YES))
            )
            blocked = all_but.but({can: pullbridge.Answer(state=pullbridge.AnswerState.NO, reason="blocked")})
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(type(port), "can", blocked)
                with pytest.raises(pullbridge.Unsupported, match="blocked") as caught:
                    verb(repo, pull)
            assert caught.value.can is can


def test_the_contract_needs_a_server() -> None:
    """Whoever forgets the fixture is told which one."""
    assert {"host_forge", "scene"} <= set(dir(HostContract))
    assert sum(name.startswith("test_") for name in dir(HostContract)) >= 25
