"""Changed files and contents on Bitbucket Cloud, over the forge."""

from __future__ import annotations

import pytest
from tests.hosts.bitbucket_cloud.talking import CHANGED, EDGE, FORMER, GONE, MOVED, NEW, PATH, Talk

import pullbridge
from pullbridge import Can, ChangeKind, Token
from pullbridge.hosts.bitbucket_cloud import wire


def test_files_have_their_hunks(talk: Talk) -> None:
    """Each with its kind, its lines counted, and both paths where it was renamed."""
    files = {file.path: file for file in talk.grace.files.list(talk.pull)}
    assert {path: (each.kind, each.old_path, each.additions, each.deletions) for path, each in files.items()} == {
        EDGE: (ChangeKind.MODIFIED, None, 3, 1),
        MOVED: (ChangeKind.RENAMED, FORMER, 1, 0),
        NEW: (ChangeKind.ADDED, None, 2, 0),
        GONE: (ChangeKind.REMOVED, None, 0, 2),
    }
    assert (files[EDGE].patch or "").startswith("@@ -17,7 +17,9 @@")
    assert not any(each.truncated or each.binary for each in files.values())


def test_the_diff_is_asked_for_at_its_own_address(talk: Talk) -> None:
    """Its order is not git's. At first a redirect leads there, from then on nothing does."""
    talk.grace.files.list(talk.pull).first()
    assert len([each for each in talk.forge.bitbucket_cloud.requests if each.status == 302]) == 2
    talk.forget()
    found = list(talk.grace.files.list(talk.pull))
    spec = f"{talk.head[:12]}..{talk.app.head('main')[:12]}"
    assert f"GET /diff/{spec}" in talk.sent()
    assert f"GET /diffstat/{spec}" in talk.sent()
    assert {each.status for each in talk.forge.bitbucket_cloud.requests} == {200}
    assert len(found) == 4


def test_a_diff_of_before_is_not_taken_for_that_of_now(talk: Talk) -> None:
    """Somebody pushed since its address was kept: the head and the files belong together."""
    assert len(list(talk.grace.files.list(talk.pull))) == 4
    talk.push("more.txt", "more\n")
    assert [each.path for each in talk.grace.files.list(talk.pull)].count("more.txt") == 1
    assert talk.grace.threads.start(talk.pull, "Hm.", pullbridge.Anchor.line("more.txt", 1)).anchor is not None
    panel = talk.grace.pulls.panel(talk.pull)
    talk.push("still.txt", "more\n")
    assert len(talk.grace.pulls.panel(talk.pull).files) == len(panel.files) + 1


def test_a_whole_diff_in_any_encoding(talk: Talk) -> None:
    """Bytes that are not UTF-8 survive, in the text and in the hunks; a binary file is one."""
    talk.push("latin.txt", "Grüße\n".encode("latin-1"))
    talk.push("data.bin", b"\0\1\2\3")
    text = talk.grace.files.diff(talk.pull)
    assert "Grüße".encode("latin-1") in text.encode("utf-8", "surrogateescape")
    files = {file.path: file for file in talk.grace.files.list(talk.pull)}
    assert files["latin.txt"].patch == "@@ -0,0 +1,1 @@\n+Gr\udcfc\udcdfe"
    assert (files["data.bin"].binary, files["data.bin"].patch, files["data.bin"].truncated) == (True, None, False)


def test_a_diff_that_took_too_long(talk: Talk) -> None:
    """What is listed stays, each file `truncated`; where nothing came of it, that is said, and never an empty diff."""
    host = talk.forge.bitbucket_cloud
    host.behave(status=555, method="GET", path="*/diff")
    files = list(talk.grace.files.list(talk.pull))
    assert [(each.truncated, each.patch) for each in files] == [(True, None)] * 4
    with pytest.raises(pullbridge.HostDown, match="too long"):
        talk.grace.files.diff(talk.pull)
    host.behave(status=555, method="GET", path="*/diff*")
    with pytest.raises(pullbridge.HostDown, match="too long"):
        list(talk.grace.files.list(talk.pull))
    host.behave()
    host.behave(status=555, method="GET", path="*/diffstat*")
    listing = talk.grace.files.list(talk.pull)
    assert {each.path for each in listing} == {EDGE, MOVED, NEW, GONE}, "the diff alone tells of them, too"
    assert listing.complete


def test_a_passing_555_is_asked_again(talk: Talk) -> None:
    """It is bounded, and harms nothing."""
    talk.forge.bitbucket_cloud.knobs.diff_timeouts = 1
    assert not any(each.truncated for each in talk.grace.files.list(talk.pull))


def test_a_diff_of_forty_megabytes(talk: Talk) -> None:
    """It is read as far as is reasonable; what lies behind is listed without hunks, and said to be cut."""
    filler = b"diff --git a/big b/big\nnew file mode 100644\nindex 0000000..1111111\n--- /dev/null\n+++ b/big\n"
    lines = 1_000_000
    big = filler + b"@@ -0,0 +1,%d @@\n" % lines + b"+0123456789012345678901234567890123456789\n" * lines
    assert len(big) > 40_000_000
    text = talk.grace.files.diff(talk.pull).encode()
    headers = {"Content-Type": "text/plain"}
    talk.forge.bitbucket_cloud.behave(status=200, headers=headers, body=text + big, method="GET", path="*/diff")
    files = {each.path: each for each in talk.grace.files.list(talk.pull)}
    assert not any(each.truncated for each in files.values())
    talk.forget()
    talk.forge.bitbucket_cloud.behave(status=200, headers=headers, body=big + text, method="GET", path="*/diff/*")
    files = {each.path: each for each in talk.grace.files.list(talk.pull)}
    assert [each.truncated for each in files.values()] == [True] * 4


def test_what_is_listed_on_many_pages(talk: Talk) -> None:
    """All files, however many fit a page; without the number of rows, which is often not told."""
    talk.forge.bitbucket_cloud.knobs.tells_size = False
    talk.app.commit("edge", {f"many/{n:04}.txt": "x\n" for n in range(510)})
    assert len(list(talk.grace.files.list(talk.pull))) == 514


def test_contents(talk: Talk) -> None:
    """At a commit, a branch, a branch with a slash in its name; a folder is no file."""
    talk.app.commit("topic/deep", {"deep.json": '{"pagelen": 1}\n'}, start="edge")
    read = talk.grace.files.content
    assert read(EDGE, talk.head).decode() == read(EDGE, "edge").decode() == CHANGED
    assert read("deep.json", "topic/deep") == b'{"pagelen": 1}\n'
    for path, at in (("src", "main"), ("no/such", "main"), (EDGE, "no/such"), (EDGE, "nosuch")):
        with pytest.raises(pullbridge.NotThere):
            read(path, at)


@pytest.mark.parametrize("status", [200, 204])
def test_a_page_is_no_file(talk: Talk, status: int) -> None:
    """A file comes as an attachment, whatever it is; a proxy's page does not, nor is nothing a file."""
    talk.app.commit("main", {"page.html": "<p>Mine</p>"})
    assert talk.ada.files.content("page.html", "main") == b"<p>Mine</p>"
    talk.forge.bitbucket_cloud.behave(
        status=status, body=b"<p>Sign in</p>" if status == 200 else b"", headers={"Content-Type": "text/html"}
    )
    with pytest.raises(pullbridge.BadAnswer) as caught:
        talk.ada.files.content("page.html", "main")
    assert caught.value.status == status
    assert "Sign in" not in str(caught.value)


def test_lfs_content_is_elsewhere_and_nothing_goes_there(talk: Talk) -> None:
    """Bitbucket leads to a service of its own, at another origin."""
    headers = {"Location": "https://api.media.atlassian.com/file/1"}
    talk.forge.bitbucket_cloud.behave(status=301, headers=headers, method="GET", path="*/src/*")
    with pytest.raises(pullbridge.EgressRefused):
        talk.grace.files.content("large.bin", "main")


def test_comparisons_are_since_both_parted(talk: Talk) -> None:
    """Commits oldest first, the files of the head alone, and the merge base."""
    parted = talk.app.head("main")
    first = talk.head
    talk.app.commit("main", {"only-main.txt": "x\n"})
    second = talk.push("second.txt", "x\n")
    found = talk.grace.files.compare("main", "edge")
    assert (found.merge_base, [each.id for each in found.commits]) == (parted, [first, second])
    assert {each.path for each in found.files} == {EDGE, MOVED, NEW, GONE, "second.txt"}
    assert (found.ahead_by, found.complete) == (2, True)
    with pytest.raises(pullbridge.NotThere):
        talk.grace.files.compare("main", "c" * 40)


def test_viewed_files_are_not_part_of_the_api(talk: Talk) -> None:
    """Known before anything is sent."""
    talk.forget()
    with pytest.raises(pullbridge.Unsupported) as caught:
        talk.grace.files.viewed(talk.pull)
    assert (caught.value.can, talk.sent()) == (Can.VIEWED_FILES, [])


def test_a_fork_that_is_gone(talk: Talk) -> None:
    """Whose pull request is still there: what cannot be had is a gap."""
    host = talk.forge.bitbucket_cloud
    linus = Token(host.token("linus"))
    fork = host.fork(PATH, "linus")
    fork.commit("theirs", {"theirs.txt": "x\n"})
    repo = talk.with_(linus)
    pull = repo.pulls.create("From afar", "theirs", "main", source_repository="linus/app")
    for _ in range(2):
        assert [each.path for each in repo.files.list(pull)] == ["theirs.txt"]
    panel = talk.grace.pulls.panel(pull)
    assert (panel.gaps, [each.path for each in panel.files]) == ((), ["theirs.txt"])
    assert panel.pull.source.commit == fork.head("theirs")


def test_shown_reads_what_it_can() -> None:
    """A section that is no diff is left out, and costs the others nothing."""
    good = b"diff --git a/%b b/%b\n--- a/%b\n+++ b/%b\n@@ -1 +1 @@\n-a\n+b\n"
    bad = b"diff --git a/bad b/bad\n--- a/bad\n+++ b/bad\n@@ -1,9 +1 @@\n-a\n"
    one, two = (good.replace(b"%b", name) for name in (b"one", b"two"))
    assert list(wire.shown(one + bad + two)) == ["one", "two"]
    assert wire.shown(b"<html>") == {}
