"""The instance about itself. Anybody may ask: https://developer.atlassian.com/server/bitbucket/rest/v902/api-group-system-maintenance/"""

from __future__ import annotations

from pullbridge.testing.bitbucket_dc.asking import Answer, Ask, Route


def properties(ask: Ask) -> Answer:
    """GET /application-properties."""
    version = ask.app.version
    number = "".join(f"{part:03}" for part in (*version.numbers, 0, 0)[:3]).lstrip("0")
    shown = {
        "version": version.text,
        "buildNumber": number,
        "buildDate": "1700000000000",
        "displayName": "Bitbucket",
    }
    return Answer(payload=shown)


def build_capabilities(ask: Ask) -> Answer:
    """GET /build/capabilities: which parts of a build status are understood."""
    del ask
    return Answer(payload={"buildStatus": ["cancelled", "rich"]})


ROUTES = (
    Route(method="GET", rule="/application-properties", answer=properties),
    Route(method="GET", rule="/build/capabilities", answer=build_capabilities, since=(7, 14)),
)
