"""Files on a forge's Data Center, by the public verbs."""

from __future__ import annotations

import pytest
from tests.hosts.bitbucket_dc.lab import CHANGED, EDGE, FORMER, GONE, MOVED, NEW, Lab

from pullbridge import errors
from pullbridge.anchoring import parse_diff
from pullbridge.model.diff import ChangeKind
from pullbridge.model.pulls import Branch

KINDS = {
    EDGE: ChangeKind.MODIFIED,
    GONE: ChangeKind.REMOVED,
    MOVED: ChangeKind.RENAMED,
    NEW: ChangeKind.ADDED,
}


def test_changed_files_with_their_hunks(lab: Lab) -> None:
    """Two requests at once: the list and the diff."""
    files = {each.path: each for each in lab.grace.files.list(lab.pull)}
    assert {path: each.kind for path, each in files.items()} == KINDS
    assert (files[MOVED].old_path, files[EDGE].old_path) == (FORMER, None)
    assert (files[EDGE].additions, files[EDGE].deletions) == (3, 2)
    assert (files[EDGE].patch or "").startswith("@@ -10,")
    assert sorted(lab.sent()) == ["GET pull-requests/1.diff", "GET pull-requests/1/changes"]


def test_a_list_that_is_cut_is_made_up_for_by_the_diff(lab: Lab) -> None:
    """The list has one page and no other, and says so; the diff has all of them."""
    lab.host.knobs.most_rows = 2
    listing = lab.grace.files.list(lab.pull)
    assert {each.path for each in listing} == KINDS.keys()
    assert listing.complete is True


def test_what_cannot_be_made_up_for_is_said(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A diff too large to be read, and a list that is cut: the listing says where it stops."""
    monkeypatch.setattr("pullbridge.hosts.bitbucket_dc.wire.files.cut.__defaults__", (200,))
    lab.host.knobs.most_rows = 2
    listing = lab.grace.files.list(lab.pull)
    assert len(tuple(listing)) == 2
    assert all(each.truncated for each in listing)
    assert (listing.complete, "2 files and no more" in (listing.stopped or "")) == (False, True)


def test_the_diff_is_one_that_git_applies(lab: Lab) -> None:
    """With git's prefixes, and bytes of any encoding."""
    lab.app.commit("edge", {"latin.txt": "gr\xfc\xdfe\n".encode("latin-1")})
    text = lab.grace.files.diff(lab.pull)
    assert {each.path for each in parse_diff(text)} == {*KINDS, "latin.txt"}
    assert f"--- a/{FORMER}\n+++ b/{MOVED}\n" in text
    assert "gr\xfc\xdfe\n".encode("latin-1") in text.encode("utf-8", "surrogateescape")


def test_a_page_is_no_diff(lab: Lab) -> None:
    """Somebody between answers with a page of their own."""
    lab.host.behave(path="*.diff", status=200, headers={"Content-Type": "text/html"}, body=b"<html>Sign in")
    with pytest.raises(errors.BadAnswer):
        lab.grace.files.diff(lab.pull)


def test_a_page_is_a_file_only_where_one_was_asked_for(lab: Lab) -> None:
    """Somebody between answers with a page of their own; of a page of the repository nothing tells it apart."""
    lab.host.behave(path="*/raw/*", status=200, headers={"Content-Type": "text/html"}, body=b"<html>")
    with pytest.raises(errors.BadAnswer, match="where a file was asked for"):
        lab.grace.files.content(EDGE, "edge")
    assert lab.grace.files.content("docs/Index.HTML", "edge") == b"<html>"


def test_contents_are_bytes_at_a_commit_or_a_branch(lab: Lab) -> None:
    """Slashes of a path stay, everything else is quoted."""
    odd = "dir/a b#c%20?.bin"
    lab.app.commit("edge", {odd: bytes(range(256))})
    assert lab.grace.files.content(odd, "edge") == bytes(range(256))
    assert lab.grace.files.content(EDGE, lab.head) == CHANGED.encode()
    with pytest.raises(errors.NotThere):
        lab.grace.files.content(GONE, lab.head)
    with pytest.raises(errors.Rejected):
        lab.grace.files.content("../../../secret", lab.head)


def test_a_comparison_begins_where_the_two_parted(lab: Lab) -> None:
    """By branches or by commits: what the target has since is no part of it."""
    base = lab.app.head("main")
    lab.app.commit("main", {"other.txt": "x\n"})
    for pair in (("main", "edge"), (lab.app.head("main"), lab.head)):
        found = lab.grace.files.compare(*pair)
        assert (found.merge_base, found.ahead_by, found.complete) == (base, 1, True)
        assert {each.path: each.kind for each in found.files} == KINDS
        assert [each.id for each in found.commits] == [lab.head]
        assert all(each.patch for each in found.files)
    nothing = lab.grace.files.compare("edge", base)
    assert (nothing.files, nothing.commits, nothing.merge_base) == ((), (), base)
    with pytest.raises(errors.NotThere):
        lab.grace.files.compare("main", "no-such-branch")


def test_a_comparison_across_a_merge_asks_for_the_merge_base(lab: Lab) -> None:
    """The target was merged into the source: of two commits that both have, the host says which is the one."""
    main, before = lab.app.commit("main", {"other.txt": "x\n"}), lab.head
    home = lab.host.store.repositories.find("OCTO/app")
    assert home is not None
    who = home.git.commit(before).author
    tree = home.git.merge(main, before).tree
    assert tree is not None
    merged = home.git.commit_tree(tree, (before, main), message="Merge", author=who, committer=who)
    home.git.set_ref("refs/heads/edge", merged)
    found = lab.grace.files.compare("main", "edge")
    assert found.merge_base == lab.app.head("main")
    assert {each.path for each in found.files} == KINDS.keys()


def test_a_file_is_written_guarded_by_what_was_seen(lab: Lab) -> None:
    """New or not, as a form; a branch that moved, and the same content again, are refused."""
    port = lab.ada._session.port.files
    branch = Branch(name="edge", commit=lab.head)
    made = port.commit(branch, NEW, b"\xff\x00bytes\n", "Write bytes")
    assert (made.id, made.title, lab.ada.files.content(NEW, "edge")) == (lab.head, "Write bytes", b"\xff\x00bytes\n")
    fresh = port.commit(Branch(name="edge", commit=made.id), "deep/er/new.txt", b"x", "New")
    assert fresh.parents == (made.id,)
    with pytest.raises(errors.Stale) as caught:
        port.commit(branch, NEW, b"late\n", "Late")
    assert (caught.value.expected, caught.value.found) == (branch.commit, fresh.id)
    raced = b'{"errors":[{"exceptionName":"com.atlassian.bitbucket.content.FileOutOfDateException"}]}'
    lab.host.behave(method="PUT", path="*/browse/*", status=409, body=raced, times=1)
    with pytest.raises(errors.Stale, match="has changed"):
        port.commit(Branch(name="edge", commit=fresh.id), NEW, b"late\n", "Late")


def test_which_files_were_viewed_is_not_told(lab: Lab) -> None:
    """Known before anything is asked."""
    with pytest.raises(errors.Unsupported):
        lab.grace.files.viewed(lab.pull)
    with pytest.raises(errors.Unsupported):
        lab.grace.files.set_viewed(lab.pull, EDGE, True)
    assert lab.sent() == []
