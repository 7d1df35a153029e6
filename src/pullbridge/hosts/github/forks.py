"""Branches and forks. https://docs.github.com/en/rest/repos/forks and https://docs.github.com/en/rest/git/refs"""

from __future__ import annotations

from pullbridge.hosts.asking import Asked
from pullbridge.hosts.github import payloads, queries, search, wire
from pullbridge.hosts.github.api import RepositoryApi
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.pulls import Branch
from pullbridge.model.refs import RepoRef
from pullbridge.transport.call import Repeat

PAGE = 100


def branches(api: RepositoryApi, prefix: str, cursor: str | None) -> Page[Branch]:
    """A stretch of the branches; GitHub finds names that contain the text, and those that begin with it are kept."""
    found = _lists(api, queries.BRANCHES, prefix, cursor).refs
    rows = wire.rows(found)
    return Page(
        items=tuple(
            Branch(name=row.name, commit=row.target.oid if row.target else None, repository=api.ref)
            for row in rows
            if row.name.startswith(prefix)
        ),
        cursor=found.rest if found else None,
    )


def candidates(api: RepositoryApi, query: str, cursor: str | None) -> Page[Person]:
    """A stretch of those who can be asked for a review: whoever the repository can assign work to."""
    found = _lists(api, queries.CANDIDATES, query, cursor).assignable_users
    return Page(items=tuple(wire.person(row) for row in wire.rows(found)), cursor=found.rest if found else None)


def _lists(api: RepositoryApi, document: str, text: str, cursor: str | None) -> payloads.GraphLists:
    variables = {"owner": api.owner, "name": api.name, "q": text, "after": cursor}
    answer = api.api.graphql(document, variables, payloads.GraphListsAnswer, Asked(what="such repository"))
    return answer.repository or payloads.GraphLists()


def create_branch(api: RepositoryApi, name: str, commit: str) -> Branch:
    """Create a branch at a commit, given by its full id. https://docs.github.com/en/rest/git/refs#create-a-reference"""
    asked = Asked(what=f"commit {commit}", write=True, needs=("contents:write",))
    body = {"ref": f"refs/heads/{name}", "sha": commit}
    api.api.reply("POST", api.path("git", "refs"), asked, body=body)
    return Branch(name=name, commit=commit, repository=api.ref)


def forks(api: RepositoryApi, cursor: str | None) -> Page[RepoRef]:
    """One page; the cursor is the next page's number."""
    page = int(cursor or "1")
    asked = Asked(what="such repository")
    reply = api.api.reply("GET", api.path("forks"), asked, params={"per_page": PAGE, "page": page})
    rows = api.api.decoded(reply, list[payloads.RestRepository], asked)
    found = (wire.repository(api.ref, row.full_name) for row in rows)
    return Page(
        items=tuple(each for each in found if each is not None),
        cursor=search.next_page(page, rows, reply.headers.get("link", "")),
    )


def fork(api: RepositoryApi, into: str | None) -> RepoRef:
    """Fork it into an organisation or my own account; an existing fork is given back. GitHub fills it in a moment."""
    asked = Asked(what="such repository", write=True, needs=("administration:write", "contents:read"))
    body = {"organization": into} if into else {}
    made = api.api.send("POST", api.path("forks"), body, payloads.RestRepository, asked, repeat=Repeat.SAFE)
    return RepoRef(web=api.ref.web, path=made.full_name, kind=api.ref.kind)
