"""Search for pull requests: https://docs.github.com/en/rest/search/search#search-issues-and-pull-requests"""

from __future__ import annotations

from pullbridge.testing.github.access import granted_scopes, is_installation, permits
from pullbridge.testing.github.asking import Answer, Ask, Route
from pullbridge.testing.github.errors import ApiError, invalid
from pullbridge.testing.github.pull_shapes import issue
from pullbridge.testing.github.searching import Search
from pullbridge.testing.store import PullRequest, Repository, Role

#: https://docs.github.com/en/rest/search/search#about-search
MOST_RESULTS = 1000


def _sees(ask: Ask, repository: Repository) -> bool:
    if not repository.private:
        return True
    if ask.token is None or ask.store.people.reach(ask.token, repository) < Role.READ:
        return False
    if ask.token.permissions is not None or is_installation(ask.token):
        return permits(ask.token, "pull_requests=read")
    return "repo" in granted_scopes(ask.token)


def search(ask: Ask) -> Answer:
    """GET /search/issues: all are counted, a thousand are shown."""
    query = ask.query("q")
    if not query.strip():
        raise invalid("Search", "q", "missing")
    if (ask.number("page", 1) - 1) * ask.number("per_page", 30) >= MOST_RESULTS:
        raise ApiError(422, f"Only the first {MOST_RESULTS} search results are available")
    sort, order = ask.query("sort"), ask.query("order", "desc")
    full = f"{query} sort:{sort}-{order}" if sort in {"created", "updated"} else query
    seen = [pull for pull in ask.store.pulls.all() if _sees(ask, pull.repository)]
    found = Search(ask.store, ask.user).find(full, seen)

    def shape(pull: PullRequest) -> dict[str, object]:
        row = {**issue(ask.shapes, pull), "score": 1.0}
        del row["closed_by"]
        if row["body"] is None:  # the description of the API has no null here (unverified)
            del row["body"]
        return row

    rows, headers = ask.page(found[:MOST_RESULTS], shape)
    payload = {"total_count": len(found), "incomplete_results": False, "search_type": "lexical", "items": rows}
    return Answer(payload=payload, headers=headers)


ROUTES = (Route(method="GET", rule="/search/issues", answer=search),)
