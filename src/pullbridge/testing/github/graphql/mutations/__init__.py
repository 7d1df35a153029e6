"""The mutations, by noun. Importing this registers them all."""

from __future__ import annotations

from pullbridge.testing.github.graphql.mutations import branches, comments, labels, merging, pulls, reviews, threads

__all__ = ["branches", "comments", "labels", "merging", "pulls", "reviews", "threads"]
