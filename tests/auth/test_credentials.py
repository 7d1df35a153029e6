"""Tokens and passwords: good for one thing, and shown to nobody."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from pullbridge.model.credentials import Anonymous, Basic, Token
from pullbridge.ports import Credentials

SECRET = "t0p-s3cr3t"
SECRETS = [Token(SECRET), Basic("ada@example.org", SECRET)]


@pytest.mark.parametrize("value", ["", " ", " a", "a ", "a b", "a\n", "a\r\nX-Evil: 1", "a\x00", "a\u00e9", "a\u200b"])
def test_what_is_no_token_is_refused(value: str) -> None:
    """RFC 6750 allows visible ASCII: a line break would end the header, and a space comes from careless copying."""
    with pytest.raises(ValueError, match="visible ASCII"):
        Token(value)


@pytest.mark.parametrize(("user", "secret"), [("", "s"), ("ada:x", "s"), ("ada", "")])
def test_what_is_no_user_is_refused(user: str, secret: str) -> None:
    """A colon ends the user's name (RFC 7617)."""
    with pytest.raises(ValueError, match="RFC 7617"):
        Basic(user, secret)


@pytest.mark.parametrize("credential", SECRETS)
def test_a_secret_is_not_shown(credential: Token | Basic, caplog: pytest.LogCaptureFixture) -> None:
    """In no representation, no log, no nested value."""
    logging.getLogger("app").warning("%s %r", credential, [credential])
    shown = f"{credential} {credential!r} {pprint.pformat({'a': (credential,)})} {caplog.text}"
    assert SECRET not in shown


@pytest.mark.parametrize("credential", SECRETS)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled(credential: Token | Basic, protocol: int) -> None:
    """Neither alone nor within something; and the refusal does not show it."""
    for value in (credential, {"a": [credential]}):
        with pytest.raises(TypeError, match="holds a secret") as caught:
            pickle.dumps(value, protocol)
        assert SECRET not in str(caught.value)


@pytest.mark.parametrize("credential", SECRETS)
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy])
def test_a_copy_is_the_same(credential: Token | Basic, again: Any) -> None:
    """One secret is in memory once."""
    assert again(credential) is credential


@pytest.mark.parametrize("credential", SECRETS)
def test_a_secret_has_no_json(credential: Token | Basic) -> None:
    """A settings file does not get it by accident."""
    with pytest.raises(TypeError):
        json.dumps(credential)


@pytest.mark.parametrize("credential", SECRETS)
def test_a_plain_credential_signs_as_itself(credential: Token | Basic) -> None:
    """It is what signs now, and there is no other one to be had."""
    assert credential.current() is credential
    assert credential.refresh() is None
    with pytest.raises(FrozenInstanceError):
        setattr(credential, "value" if isinstance(credential, Token) else "secret", "other")


def test_nobody_signs_with_nothing() -> None:
    """Anonymous is a choice, not a lack: it never falls back to anything."""
    nobody: Credentials = Anonymous()
    assert nobody.current() is None
    assert nobody.refresh() is None
