"""What each ability takes, on each host, of each kind of credential: `plan` asks for the least. Tables, pure.

>>> from pullbridge.auth.scopes import AUTHOR, MERGE, plan
>>> plan("gitlab", AUTHOR | MERGE).scopes
('api',)
"""

from __future__ import annotations

from pullbridge.auth.scopes.planning import Plan, credentials_of, excess, missing, plan
from pullbridge.auth.scopes.profiles import AUTHOR, MERGE, PROFILES, READ, REVIEW
from pullbridge.auth.scopes.table import Credential, Visibility

__all__ = [
    "AUTHOR",
    "MERGE",
    "PROFILES",
    "READ",
    "REVIEW",
    "Credential",
    "Plan",
    "Visibility",
    "credentials_of",
    "excess",
    "missing",
    "plan",
]
