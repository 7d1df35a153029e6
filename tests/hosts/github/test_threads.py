"""Conversations over the forge: what becomes of their places, and which of GitHub's two kinds of comments is meant."""

from __future__ import annotations

import pytest
from tests.hostile.scene import SHOWN, Scene, changed

from pullbridge import Anchor, ScopeMissing


def test_a_comment_whose_line_is_gone_keeps_its_place(scene: Scene) -> None:
    """GH-24: a push that rewrites the line makes it outdated; where it was written is still told."""
    repo, seen = scene.connect(), scene.head
    started = repo.threads.start(1, "Here?", at=scene.at(SHOWN))
    assert (started.outdated, started.current) == (False, scene.at(SHOWN))
    scene.head = scene.app.commit("fix", {"a.txt": changed(10, 40).replace("line 10, changed\n", "rewritten\n")})
    for thread in (*repo.threads.list(1), *repo.pulls.panel(1).threads):
        assert (thread.outdated, thread.current) == (True, None)
        assert thread.anchor == Anchor.line("a.txt", SHOWN, commit=seen)


def test_a_comment_whose_line_moved_has_both_places(scene: Scene) -> None:
    """As it was written, and where GitHub puts it now."""
    repo, seen = scene.connect(), scene.head
    repo.threads.start(1, "Here?", at=scene.at(SHOWN))
    scene.head = scene.app.commit("fix", {"a.txt": "new\n" + changed(10, 40)})
    (thread,) = repo.threads.list(1)
    assert thread.outdated is False
    assert thread.anchor == Anchor.line("a.txt", SHOWN, commit=seen)
    assert thread.current == Anchor.line("a.txt", SHOWN + 1, commit=scene.head)


def test_answers_stand_in_order_below_what_they_answer(scene: Scene) -> None:
    """N-46: an answer to an answer is one of the same conversation, whose first comment has the place."""
    ada, bob = scene.connect("ada"), scene.connect("bob")
    thread = ada.threads.start(1, "First?", at=scene.at(SHOWN))
    for repo, body in ((bob, "Second."), (ada, "Third."), (bob, "Fourth.")):
        repo.threads.reply(1, thread, body)
    (read,) = ada.threads.list(1)
    assert [comment.body for comment in read.comments] == ["First?", "Second.", "Third.", "Fourth."]
    assert [comment.author.handle for comment in read.comments] == ["ada", "bob", "ada", "bob"]
    assert read.anchor == scene.at(SHOWN)


def test_a_comment_is_edited_and_deleted_as_what_it_is(scene: Scene) -> None:
    """GH-28: one on the diff and one on the conversation are served by different calls; the id tells which."""
    repo = scene.connect()
    inline = repo.threads.start(1, "On a line", at=scene.at(SHOWN)).comments[0]
    general = repo.threads.start(1, "To all").comments[0]
    assert repo.threads.edit(1, inline.id, "On a line!").body == "On a line!"
    assert repo.threads.edit(1, general.id, "To all!").body == "To all!"
    assert (scene.inline(), scene.general()) == (["On a line!"], ["To all!"])
    repo.threads.delete(1, inline.id)
    assert (scene.inline(), scene.general()) == ([], ["To all!"])
    repo.threads.delete(1, general.id)
    assert scene.general() == []


@pytest.mark.parametrize("settle", [True, False])
def test_settling_without_the_scope_names_it(scene: Scene, settle: bool) -> None:
    """GH-27: GraphQL says which scopes would do; nothing is settled."""
    thread = scene.thread()
    repo = scene.connect(token=scene.host.token("ada", scopes=("read:user",)))
    with pytest.raises(ScopeMissing) as caught:
        (repo.threads.resolve if settle else repo.threads.unresolve)(1, thread)
    assert "public_repo" in caught.value.needed
    assert caught.value.granted == ("read:user",)
    assert [each.resolved for each in scene.connect().threads.list(1)] == [False]
