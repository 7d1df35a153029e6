"""One application at a host of a forge, and what a client without a library would send."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from pullbridge.testing.host import Host

CALLBACK = "http://127.0.0.1:49999/callback"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


class App:
    """An application, and its requests as plain as they can be."""

    def __init__(self, host: Host, **options: Any) -> None:
        self.host = host
        self.oauth = host.oauth
        self.id, self.secret = host.oauth.app(**options)
        self.verifier = secrets.token_urlsafe(48)

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def authorize_url(self, **more: str) -> str:
        """With PKCE; an empty value leaves a parameter out."""
        sent = {
            "client_id": self.id,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "state": "the-state",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        } | more
        return f"{self.oauth.url('authorize')}?{urlencode({name: value for name, value in sent.items() if value})}"

    def callback(self, user: str = "ada", *, denies: bool = False, **more: str) -> dict[str, str]:
        """What the host sends back to the client."""
        there = self.oauth.consent(user, denies=denies).answer(self.authorize_url(**more))
        return {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}

    def code(self, user: str = "ada", **more: str) -> str:
        """A code that the host gave."""
        return self.callback(user, denies=False, **more)["code"]

    def token(self, *, basic: bool = False, expect: int | None = 200, **sent: str) -> dict[str, Any]:
        """Ask the token endpoint; `basic` shows the secret in the header."""
        auth = (self.id, self.secret or "") if basic else None
        body = sent if basic else {"client_id": self.id} | sent
        answer = self.post(self.oauth.url("token"), body, auth=auth)
        assert expect in {None, answer.status_code}, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def exchange(self, code: str, *, basic: bool = False, expect: int | None = 200, **more: str) -> dict[str, Any]:
        """Give a code for tokens; with the secret where there is one and `client_secret` says nothing else."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": self.verifier,
        }
        if self.secret and not basic:
            sent["client_secret"] = self.secret
        kept = {name: value for name, value in (sent | more).items() if value}
        return self.token(basic=basic, expect=expect, **kept)

    def refresh(self, token: str, *, expect: int | None = 200, basic: bool = False, **more: str) -> dict[str, Any]:
        """Refresh."""
        return self.token(basic=basic, expect=expect, grant_type="refresh_token", refresh_token=token, **more)

    def device(self, scope: str = "") -> dict[str, Any]:
        """Ask for a device code."""
        answer = self.post(self.oauth.url("device"), {"client_id": self.id, "scope": scope})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def poll(self, device: dict[str, Any], *, expect: int | None = 200, **more: str) -> dict[str, Any]:
        """Ask once whether somebody has answered."""
        return self.token(basic=False, expect=expect, grant_type=DEVICE, device_code=device["device_code"], **more)

    @staticmethod
    def post(url: str, body: dict[str, Any], **more: Any) -> requests.Response:
        """POST a form and want JSON; nothing is followed."""
        headers = {"Accept": "application/json"}
        with requests.Session() as session:
            session.trust_env = False
            return session.post(url, data=body, headers=headers, timeout=20, allow_redirects=False, **more)

    def api(self, path: str, token: str) -> requests.Response:
        """Ask the API."""
        headers = {"Authorization": f"Bearer {token}"}
        with requests.Session() as session:
            session.trust_env = False
            return session.get(self.host.api_url + path, headers=headers, timeout=20)
