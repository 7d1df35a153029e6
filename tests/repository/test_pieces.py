"""A review that goes up piece by piece."""

from __future__ import annotations

import pytest

import pullbridge
from pullbridge import Anchor, DraftComment, OutcomeStatus, RateLimited, Token, Verdict
from pullbridge.testing import Forge

LINES = [f"line {n}\n" for n in range(1, 61)]


def test_a_limit_is_met_once(forge: Forge) -> None:
    """What was not in flight when the host had enough is not sent; every text is in the receipt, and goes up later."""
    host = forge.gitlab
    app = host.repository("octo/app", {"a.py": "".join(LINES)})
    head = app.commit("fix", {"a.py": "".join(f"new {row}" for row in LINES)})
    ada = Token(host.token("ada"))
    with pullbridge.connect(app.url, credentials=ada, settings=host.settings) as repo:
        pull = repo.pulls.create(title="Renew", source="fix", target="main")
        drafts = [DraftComment(f"Why {n}?", at=Anchor.line("a.py", n, commit=head)) for n in range(1, 41)]
        host.behave(rate_limit="throttle", retry_after=3600, method="POST", containing="Why")
        host.requests.clear()
        with pytest.raises(RateLimited) as caught:
            repo.reviews.submit(pull, Verdict.COMMENT, body="Some questions.", comments=drafts)
        written = [each for each in host.requests if each.method == "POST" and each.path.endswith("/discussions")]
        assert len(written) <= 16
        assert repo.threads.list(pull) == ()
    receipt = caught.value.receipt
    assert receipt is not None
    assert {each.status for each in receipt.outcomes} == {OutcomeStatus.NOT_TRIED}
    assert [each.error.text for each in receipt.outcomes if each.error] == [each.body for each in drafts]
    host.behave()
    with pullbridge.connect(app.url, credentials=ada, settings=host.settings) as repo:
        assert repo.reviews.resume(receipt).complete
        assert len(repo.threads.list(pull)) == len(drafts) + 1
