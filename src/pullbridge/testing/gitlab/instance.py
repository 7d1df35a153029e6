"""The instance and the token about themselves.

https://docs.gitlab.com/api/metadata/, https://docs.gitlab.com/api/version/
"""

from __future__ import annotations

from pullbridge.testing.gitlab.asking import Answer, Ask, Route


def version(ask: Ask) -> Answer:
    """GET /version."""
    return Answer(payload={"version": ask.app.version.text, "revision": "e91cba9cbd9"} | _more(ask))


def _more(ask: Ask) -> dict[str, object]:
    """`/version` answers what `/metadata` does since that exists (15.5)."""
    if not ask.at_least(15, 5):
        return {}
    kas: dict[str, object] = {"enabled": False, "externalUrl": None}
    if ask.at_least(17, 6):
        kas["externalK8sProxyUrl"] = None
    return {"kas": {**kas, "version": None}, "enterprise": ask.app.version.enterprise}


_SCOPES = ("read_user", "ai_features")
ROUTES = (
    Route(method="GET", rule="/version", answer=version, scopes=_SCOPES, signed_in=True),
    Route(method="GET", rule="/metadata", answer=version, scopes=_SCOPES, signed_in=True, since=(15, 2)),
)
