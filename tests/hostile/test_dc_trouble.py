"""Bad input and trouble that only Bitbucket Data Center knows, over its real protocol.

What every host can meet is in `test_elsewhere_*.py`; the five meanings of a 409 are in `tests/hosts/bitbucket_dc/test_errors.py`
and `test_merging.py`, 1,200 comments and stale comments in `test_threads.py`, a list that is cut in `test_files.py`, looping
pages in `test_api.py`, mirrors' addresses in `test_addresses.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.hostile.site import SHOWN, Site, opened
from tests.transport.scripted import Server, answer
from werkzeug.wrappers import Request, Response

import pullbridge
from pullbridge import (
    AnswerState,
    Can,
    EgressRefused,
    MergeMethod,
    NotMergeable,
    NotThere,
    Rejected,
    ReviewState,
    Stale,
    Token,
    Verdict,
)
from pullbridge.testing import Forge
from pullbridge.testing.bitbucket_dc.host import BitbucketDataCenter

PULL = "/rest/api/latest/projects/OCTO/repos/app/pull-requests/1"


@pytest.fixture
def site(forge: Forge) -> Iterator[Site]:
    """The scene on Data Center."""
    with ExitStack() as stack:
        yield opened(forge, stack, "bitbucket-dc")


@pytest.fixture
def center(site: Site) -> BitbucketDataCenter:
    return site.forge.bitbucket_dc


@pytest.fixture
def foreign() -> Iterator[Server]:
    """A server that nobody named."""
    server = Server(lambda _: answer(200, {"values": []}))
    yield server
    server.close()


def meanwhile(site: Site, done: list[str], *, after: str) -> None:
    """Once, between the answer to a GET of that path and whatever comes next, `root` retitles it and asks for `grace`."""
    root = site.connect("root")

    def edited(request: Request, _: Response) -> None:
        if request.method == "GET" and request.path == after and not done:
            done.append(request.path)
            root.pulls.edit(1, title="Theirs")
            root.reviewers.request(1, ["grace"])

    site.instead(edited)


class TestSomebodyElse:
    """People who edit at the same time, who leave, and who may not be told."""

    def test_an_edit_of_somebody_else_between_read_and_write_is_kept(self, site: Site) -> None:
        """What I do not change is as they left it; nobody loses a reviewer."""
        site.token("grace")
        done: list[str] = []
        meanwhile(site, done, after=PULL)
        site.connect("ada").pulls.edit(1, body="Mine.")
        seen = site.repo.pulls.get(1)
        assert done
        assert (seen.title, seen.body, [each.handle for each in seen.reviewers or ()]) == ("Theirs", "Mine.", ["grace"])

    def test_an_edit_of_somebody_else_does_not_stop_a_merge(self, site: Site) -> None:
        """The head is what was expected, so that it is merged; a push is another matter."""
        site.token("grace")
        done: list[str] = []
        meanwhile(site, done, after=PULL)
        receipt = site.connect("ada").pulls.merge(1, method=MergeMethod.MERGE, expect_head=site.head)
        assert done
        assert receipt.commit == site.app.head("main")

    def test_a_push_between_look_and_merge_is_not_merged(self, site: Site) -> None:
        """Though it comes after the head was read: the version that is named is another one by then."""
        looked, pushed = site.head, list[str]()
        before = site.app.head("main")

        def push(request: Request, _: Response) -> None:
            if request.method == "GET" and request.path == PULL and not pushed:
                pushed.append(site.push(12))

        site.instead(push)
        with pytest.raises(Stale) as caught:
            site.connect("ada").pulls.merge(1, expect_head=looked)
        assert (caught.value.expected, caught.value.found) == (looked, pushed[0])
        assert site.app.head("main") == before

    def test_a_reviewer_who_left_sinks_nothing(self, site: Site, center: BitbucketDataCenter) -> None:
        """An edit goes on without them; whoever is still there stays, with their verdicts."""
        for name in ("grace", "linus"):
            site.token(name)
        ada = site.connect("ada")
        ada.reviewers.request(1, ["grace", "linus"])
        site.connect("grace").reviews.submit(1, Verdict.APPROVE)
        with center.store.lock:
            center.store.people.delete("linus")
        assert ada.pulls.edit(1, title="Without them").title == "Without them"
        assert [each.status for each in site.writes()[-2:]] == [409, 200]
        assert [(each.person.handle, each.state) for each in ada.reviewers.list(1)] == [("grace", ReviewState.APPROVED)]

    def test_a_credential_that_may_not_list_people_works(self, site: Site, center: BitbucketDataCenter) -> None:
        """Who I am is named in every answer: what is mine is known all the same, and nothing is a gap."""
        site.thread("Mine?", user="bob")
        center.behave(path="*/rest/api/latest/users*", status=401)
        repo = site.repo
        panel = repo.pulls.panel(1)
        assert panel.viewer is not None
        assert (panel.viewer.handle, panel.gaps) == ("bob", ())
        assert repo.reviews.submit(1, Verdict.APPROVE).complete


class TestRefusals:
    """409 and its neighbours, on the wire."""

    def test_a_conflict_a_veto_and_a_decline_are_three_things(self, site: Site, center: BitbucketDataCenter) -> None:
        """Each with the reason that is the case; nothing of it is merged."""
        ada, before = site.connect("ada"), site.app.head("main")
        center.knobs.vetoes.append(("Not all builds are green", "Build 7 is red."))
        with pytest.raises(NotMergeable) as vetoed:
            ada.pulls.merge(1)
        assert vetoed.value.reasons == ("Not all builds are green: Build 7 is red.",)
        center.knobs.vetoes.clear()
        ada.pulls.close(1)
        with pytest.raises(NotMergeable, match="declined"):
            ada.pulls.merge(1)
        ada.pulls.reopen(1)
        assert site.app.head("main") == before
        assert ada.pulls.merge(1).commit == site.app.head("main")
        with pytest.raises(NotMergeable, match="merged already"):
            ada.pulls.merge(1)

    def test_a_declined_one_takes_neither_a_verdict_nor_a_rebase(self, site: Site) -> None:
        """Each is refused in Data Center's words, and none is said to be done."""
        ada = site.connect("ada")
        ada.pulls.close(1)
        for refused in (
            lambda: site.repo.reviews.submit(1, Verdict.APPROVE),
            lambda: ada.pulls.update_branch(1),
        ):
            with pytest.raises((Rejected, NotMergeable)) as caught:
                refused()
            assert caught.value.maybe_done is False
        assert site.repo.reviews.list(1) == ()
        assert site.app.head("fix") == site.head

    def test_every_write_without_a_body_has_one(self, site: Site, center: BitbucketDataCenter) -> None:
        """`{}` and its type: without them Data Center takes it for a form of somebody else's page."""
        assert center.knobs.trusts_programs is False
        ada = site.connect("ada")
        ada.pulls.subscribe(1)
        ada.branches.fork()
        bare = [each for each in site.writes() if each.method == "POST" and json.loads(each.body) == {}]
        assert {each.path.rpartition("/")[2] for each in bare} == {"watch", "app"}
        assert all(each.status is not None and each.status < 300 for each in bare)


class TestAddresses:
    """Where it is, and where it is not."""

    @pytest.mark.parametrize("root", ["/bitbucket", "/tools/code"])
    def test_a_personal_repository_below_a_context_path(self, root: str) -> None:
        """Nothing is asked beside it: neither by its page nor by its clone address."""
        with Forge(dc_context=root) as forge:
            host = forge.bitbucket_dc
            app = host.repository("~ada/app", files={"a.txt": "one\n"})
            app.commit("fix", {"a.txt": "two\n"})
            sign = Token(host.token("ada"))
            urls: set[str | None] = set()
            for where in (f"{host.url}/users/ada/repos/app", app.clone_url, f"{host.url}/projects/~ada/repos/app"):
                with pullbridge.connect(where, credentials=sign, settings=host.settings) as repo:
                    pull = repo.pulls.create("Two", "fix", "main", if_exists="return")
                    assert repo.pulls.panel(pull).pull.ref.repository.path.lower() == "~ada/app"
                    urls.add(pull.url)
            assert {each.path.startswith(f"{root}/rest/") for each in host.requests} == {True}
            assert urls == {f"{host.url}/users/ada/repos/app/pull-requests/1"}

    def test_a_mirror_is_sent_to_its_upstream(self, site: Site, center: BitbucketDataCenter) -> None:
        """Its clone addresses are told from a repository's before anything is asked; its REST is none."""
        mirrored = f"{center.url}/scm/upstream/octo/app.git"
        with pytest.raises(Rejected, match="upstream instance"):
            site.connect(where=mirrored).pulls.get(1)
        assert site.requests == []
        center.knobs.mirror = True
        with pytest.raises(NotThere):
            site.repo.pulls.get(1)

    @pytest.mark.parametrize(
        "path", ["OCTO/../x", "OCTO/app/../../x", "..", "OCTO/", "~/app", "OCTO/%2e%2e", "a b/app"]
    )
    def test_a_path_that_leads_elsewhere_is_refused(self, site: Site, path: str) -> None:
        """Before anything is sent, or as a name that is not there: no segment leaves its place."""
        token, host = Token(site.token("ada")), site.host
        with (
            pullbridge.open_host(host.url, credentials=token, settings=host.settings) as whole,
            pytest.raises((Rejected, NotThere)),
        ):
            whole.repository(path).pulls.get(1)
        assert not [each for each in site.requests if "/x" in each.path or ".." in each.path.split("/")]

    def test_links_that_lie_lead_nowhere(self, site: Site, center: BitbucketDataCenter, foreign: Server) -> None:
        """`links.self` is shown to people, and never followed: no byte goes there, whatever is read or written."""
        center.knobs.links_to = foreign.url
        ada = site.connect("ada")
        panel = ada.pulls.panel(1)
        assert panel.pull.url is not None
        assert panel.pull.url.startswith(foreign.url)
        ada.threads.start(1, "Here.", site.at(SHOWN))
        ada.checks.list(1)
        ada.reviewers.candidates("a")
        tuple(ada.pulls.list())
        site.repo.reviews.submit(1, Verdict.APPROVE)
        ada.pulls.merge(1, delete_source=True)
        assert foreign.seen == []

    def test_a_location_that_lies_is_refused(self, site: Site, center: BitbucketDataCenter, foreign: Server) -> None:
        """For a diff as for a write; the token never leaves."""
        for path, call in (
            ("*.diff", lambda: site.repo.files.diff(1)),
            ("*/comments", lambda: site.repo.threads.start(1, "Here.")),
        ):
            center.behave(path=path, status=307, headers={"Location": f"{foreign.url}/elsewhere"})
            with pytest.raises(EgressRefused):
                call()
        assert foreign.seen == []

    def test_a_token_of_three_thousand_characters(self, site: Site) -> None:
        """It is sent whole; refused, it stands in no error."""
        long = "x" * 3_000
        with pytest.raises(pullbridge.SignInNeeded) as caught:
            site.connect(token=long).pulls.get(1)
        assert long not in f"{caught.value}{caught.value!r}{caught.value.__cause__!r}"


class TestLarge:
    """More than fits anywhere."""

    def test_a_diff_of_forty_megabytes(self, site: Site) -> None:
        """It is read whole; files whose hunks do not fit in memory are said to be truncated, and the rest are as they are."""
        lines = ("x" * 98 + "\n") * 200_000
        site.push(big_txt=lines, large_txt=lines)
        repo = site.repo
        assert len(repo.files.diff(1)) > 39_000_000
        files = {each.path: each for each in repo.files.list(1)}
        assert files.keys() == {"a.txt", "b.txt", "big.txt", "large.txt"}
        assert (files["a.txt"].truncated, files["a.txt"].additions) == (False, 2)
        assert files["large.txt"].truncated is True
        anchor = repo.threads.start(1, "Here?", site.at()).anchor
        assert anchor is not None
        assert (anchor.path, anchor.end, anchor.commit) == ("a.txt", SHOWN, site.head)


class TestVersions:
    """Instances of other years."""

    @pytest.mark.parametrize("version", ["7.0.0", "7.6.0", "7.21.0", "8.8.0", "9.1.0"])
    def test_what_a_version_has_not_is_said_and_the_rest_works(self, version: str) -> None:
        """From the oldest on: a review of a comment and a verdict, a merge; what is missing is missing with its reason."""
        with Forge(dc_version=version) as forge, ExitStack() as stack:
            site = opened(forge, stack, "bitbucket-dc")
            ada, repo = site.connect("ada"), site.repo
            repo.probe()
            for can, since in (
                (Can.PENDING_REVIEW, (7, 7)),
                (Can.RESOLVE, (8, 9)),
                (Can.DRAFTS, (8, 18)),
                (Can.COMMENT_RANGE, (9, 2)),
                (Can.AUTO_MERGE, (8, 15)),
                (Can.TEAM_REVIEWERS, (7, 13)),
            ):
                there = tuple(int(part) for part in version.split(".")) >= since
                assert (repo.can[can].state is AnswerState.NO) is not there, (version, can)
                assert there or ".".join(map(str, since)) in repo.can[can].reason
            assert repo.reviews.submit(1, Verdict.APPROVE, "Good.", [site.draft("Here?")]).complete
            ada.checks.report(site.head, "unit", pullbridge.CheckState.SUCCESS)
            panel = repo.pulls.panel(1)
            assert (panel.gaps, len(panel.threads), len(panel.checks)) == ((), 2, 1)
            assert ada.pulls.merge(1, expect_head=site.head).commit == site.app.head("main")
