"""Signing: the current credential at every attempt, renewed once however many ask."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest

from pullbridge.auth.signing import Signing
from pullbridge.model.credentials import Anonymous, Basic, Token


def scheme(credential: Token | Basic) -> Mapping[str, str]:
    if isinstance(credential, Token):
        return {"Authorization": f"Bearer {credential.value}"}
    return {"Authorization": f"Basic {credential.user}"}


class Vault:
    """Credentials as a secret manager brings them: what `refresh` gave is `current` from then on, or not."""

    def __init__(self, *fresh: str, keeps: bool = True) -> None:
        self.token = Token("old")
        self.fresh = list(fresh)
        self.keeps = keeps
        self.refreshes = 0

    def current(self) -> Token:
        return self.token

    def refresh(self) -> Token | None:
        self.refreshes += 1
        if not self.fresh:
            return None
        token = Token(self.fresh.pop(0))
        if self.keeps:
            self.token = token
        return token


def bearer(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


def test_the_current_credential_signs() -> None:
    """It is asked for at every attempt: a secret manager may have another one by then."""
    vault = Vault()
    signing = Signing(vault, scheme)
    assert signing.headers() == bearer("old")
    vault.token = Token("other")
    assert signing.headers() == bearer("other")


def test_nobody_signs_nothing() -> None:
    """Without a credential there is no header, and nothing to renew."""
    signing = Signing(Anonymous(), scheme)
    assert (signing.headers(), signing.renew({}), signing.anonymous, signing.account()) == (
        {},
        False,
        True,
        "anonymous",
    )


@pytest.mark.parametrize("keeps", [True, False])
def test_a_refused_credential_is_renewed(keeps: bool) -> None:
    """Whether the credentials remember what they gave, or only hand it out."""
    vault = Vault("new", keeps=keeps)
    signing = Signing(vault, scheme)
    assert signing.renew(bearer("old"))
    assert signing.headers() == bearer("new")
    assert vault.refreshes == 1


def test_a_credential_that_cannot_be_renewed_stays() -> None:
    """The host's refusal is then the answer."""
    vault = Vault()
    assert not Signing(vault, scheme).renew(bearer("old"))
    assert vault.refreshes == 1


def test_the_same_credential_again_is_no_renewal() -> None:
    """Or the request would go round and round."""
    signing = Signing(Vault("old"), scheme)
    assert not signing.renew(bearer("old"))


def test_what_the_credentials_say_later_counts() -> None:
    """A renewal is for the credential that was refused: when the user signs in anew, that is forgotten."""
    vault = Vault("new", keeps=False)
    signing = Signing(vault, scheme)
    signing.renew(bearer("old"))
    vault.token = Token("third")
    assert signing.headers() == bearer("third")


def test_a_second_expiry_is_renewed_too() -> None:
    """A day is longer than a token's life."""
    signing = Signing(Vault("second", "third", keeps=False), scheme)
    assert signing.renew(bearer("old"))
    assert signing.renew(bearer("second"))
    assert signing.headers() == bearer("third")


@pytest.mark.parametrize("keeps", [True, False])
def test_many_threads_renew_once(keeps: bool) -> None:
    """A refresh token may be used once: whoever comes second takes what the first one got."""
    vault = Vault("new", "never", keeps=keeps)
    signing, ready = Signing(vault, scheme), threading.Barrier(16)
    results: list[bool] = []

    def refused() -> None:
        ready.wait()
        results.append(signing.renew(bearer("old")))

    threads = [threading.Thread(target=refused) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 16
    assert vault.refreshes == 1
    assert signing.headers() == bearer("new")


def test_an_account_has_a_name_that_gives_nothing_away() -> None:
    """Two accounts are kept apart; neither the token nor the password can be read from the name."""
    names = [Signing(each, scheme).account() for each in (Token("t0p"), Token("t1p"), Basic("ada", "t0p"))]
    assert len(set(names)) == 3
    assert not any("t0p" in name or "ada" in name for name in names)
    assert Signing(Token("t0p"), scheme).account() == names[0]


def test_an_account_is_who_signs_now() -> None:
    """Its name follows a credential that changes from one call to the next, also to nobody and back."""

    class Changing:
        now: Token | None = Token("t0p")

        def current(self) -> Token | None:
            return self.now

        def refresh(self) -> None:
            """There is no other one."""

    changing = Changing()
    signing = Signing(changing, scheme)
    names = []
    for changing.now in (Token("t0p"), Token("t1p"), None, Token("t1p"), Token("t0p")):
        names.append(signing.account())
    assert names[0] == names[4] != names[1] == names[3] != names[2] == "anonymous"
