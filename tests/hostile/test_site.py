"""The scene that hostile tests share is the same on every host."""

from __future__ import annotations

from tests.hostile.site import SHOWN, Site


def test_the_scene_is_set_on_every_host(site: Site) -> None:
    """The pull request is there with its head; what is written arrives, is counted, and is read without a trace."""
    repo = site.repo
    pull = repo.pulls.get(1)
    assert (pull.number, pull.source.name, pull.source.commit) == (1, "fix", site.head)
    repo.threads.start(1, "To all")
    repo.threads.start(1, "Here", at=site.at(SHOWN))
    seen = len(site.requests)
    assert len(site.writes()) == 2
    assert site.said() == ["Here", "To all"]
    assert len(site.requests) == seen
