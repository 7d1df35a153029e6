"""The mutations, by noun. Importing this registers them all.

What is refused for a reason of the merge request's comes in `errors` of the payload; what may not be done at all, or is not
there, is an error of the answer: https://docs.gitlab.com/development/api_graphql_styleguide/#error-handling
"""

from __future__ import annotations

from pullbridge.testing.gitlab.graphql.mutations import awards, merging, notes, people, pulls

__all__ = ["awards", "merging", "notes", "people", "pulls"]
