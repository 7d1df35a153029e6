"""GitHub's GraphQL over the store.

`schema.graphql` is GitHub's own schema, cut down to what a client of pull requests asks for; a contract test holds it to
that. `execute` answers one request.
"""

from __future__ import annotations

from pullbridge.testing.github.graphql.context import Allowance
from pullbridge.testing.github.graphql.execution import Reply, execute

__all__ = ["Allowance", "Reply", "execute"]
