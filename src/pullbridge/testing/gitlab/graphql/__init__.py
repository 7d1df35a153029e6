"""GitLab's GraphQL over the store.

`schema.graphql` is GitLab's own schema, cut down to what concerns merge requests, each field with the version and edition
that have it and with what it costs; a contract test holds it to what is published. `door.answer` answers a request, or
several in one.
"""

from __future__ import annotations

from pullbridge.testing.gitlab.graphql.door import ADDRESS, answer, refused

__all__ = ["ADDRESS", "answer", "refused"]
