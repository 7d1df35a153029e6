"""A sign-in is used for what it was made for."""

from __future__ import annotations

import pytest
from tests.auth.signins import HOSTS, register

import pullbridge
from pullbridge import Can, MergeMethod, Unsupported, Verdict, auth
from pullbridge.auth import browser
from pullbridge.testing import Forge


@pytest.fixture(autouse=True)
def _with_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "why_headless", lambda: None)


# On Data Center a narrower scope says the same.
@pytest.mark.parametrize("name", [name for name in HOSTS if name != "bitbucket_dc"])
def test_what_was_not_asked_for_is_refused(forge: Forge, name: str) -> None:
    """Who signed in to review reviews, and does not merge, though the host's scope would allow it; nothing is sent."""
    host, app = register(forge, name)
    repository = host.repository("octo/app", files={"a.txt": "a\n"})
    repository.commit("fix", {"a.txt": "b\n"})
    signed = auth.sign_in(
        host.url, app, auth.REVIEW, "browser", settings=host.settings, open_browser=host.oauth.consent("ann")
    )
    token = pullbridge.Token(host.token("bob"))
    with pullbridge.connect(repository.url, credentials=token, settings=host.settings) as theirs:
        pull = theirs.pulls.create("Fix", "fix", "main")
    with pullbridge.connect(repository.url, credentials=signed, settings=host.settings) as repo:
        panel = repo.pulls.panel(pull.number)
        for answers in (repo.can, panel.can, repo.probe()):
            assert Can.MERGE not in answers
            assert "not asked for" in answers[Can.MERGE].reason
            assert answers[Can.READ].state is not pullbridge.AnswerState.NO
        before = len(host.requests)
        with pytest.raises(Unsupported, match="not asked for"):
            repo.pulls.merge(pull.number, method=MergeMethod.MERGE, expect_head=panel.pull.source.commit)
        with pytest.raises(Unsupported, match="not asked for"):
            repo.pulls.create("Another", "fix", "main")
        assert len(host.requests) == before
        receipt = repo.reviews.submit(pull.number, Verdict.APPROVE, expect_head=panel.pull.source.commit)
        assert receipt.complete


def test_the_same_of_the_host(forge: Forge) -> None:
    """A host that is opened with the sign-in says the same."""
    host, app = register(forge, "gitlab")
    signed = auth.sign_in(
        host.url, app, auth.REVIEW, "browser", settings=host.settings, open_browser=host.oauth.consent("ann")
    )
    with pullbridge.open_host(host.url, credentials=signed, settings=host.settings) as opened:
        assert "not asked for" in opened.probe()[Can.MERGE].reason
        assert "not asked for" in opened.can[Can.MERGE].reason
        assert opened.viewer().handle == "ann"


def test_who_promised_nothing_may_do_all(forge: Forge) -> None:
    """A token, and a sign-in that was resumed without saying what for, do what the host lets them."""
    host, app = register(forge, "gitlab")
    store = auth.MemoryStore()
    auth.sign_in(
        host.url, app, auth.REVIEW, "browser", store, settings=host.settings, open_browser=host.oauth.consent("ann")
    )
    again = auth.resume(host.url, app, store, settings=host.settings)
    assert again is not None
    for credentials in (again, pullbridge.Token(host.token("bob"))):
        with pullbridge.open_host(host.url, credentials=credentials, settings=host.settings) as opened:
            assert "not asked for" not in opened.probe()[Can.MERGE].reason
