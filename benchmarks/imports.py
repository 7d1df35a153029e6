"""What importing costs, in time and memory, each time in a fresh process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

BARE = "nothing (bare Python)"


@dataclass(frozen=True)
class Provider:
    """A host that is loaded by its first use: where it is, and the statement that loads its SDK alone."""

    host: str
    address: str
    kind: str
    sdk: str

    @property
    def name(self) -> str:
        """What is measured."""
        return f"first provider, {self.host}: `connect(…)`, then `repo.can`"

    @property
    def statement(self) -> str:
        """The code of it."""
        return (
            "from pullbridge import Settings, Token, connect\n"
            f"connect({self.address!r}, credentials=Token('t'), settings=Settings(kind={self.kind!r})).can"
        )


PROVIDERS = (
    Provider("GitHub", "https://github.com/o/r", "github", "import github"),
    Provider("GitLab", "https://gitlab.com/o/r", "gitlab", "import gitlab"),
    Provider("Bitbucket Cloud", "https://bitbucket.org/o/r", "bitbucket-cloud", "import atlassian.bitbucket"),
    Provider(
        "Bitbucket Data Center",
        "https://git.example.org/projects/P/repos/r",
        "bitbucket-dc",
        "import atlassian.bitbucket",
    ),
)
STATEMENTS = {
    BARE: "pass",
    "import pullbridge": "import pullbridge",
    "from pullbridge import connect, Anchor, Verdict": "from pullbridge import connect, Anchor, Verdict",
    **{each.name: each.statement for each in PROVIDERS},
    **{each.sdk: each.sdk for each in PROVIDERS},
    "a client of PyGithub: `Github()`": "from github import Github\nGithub()",
    "a client of python-gitlab: `Gitlab(…)`": "from gitlab import Gitlab\nGitlab('https://gitlab.com')",
    "import requests": "import requests",
    "from ogr import GithubService": "from ogr.services.github.service import GithubService",
}
#: What must not come with `import pullbridge`.
HEAVY = ("requests", "urllib3", "github", "gitlab", "atlassian", "authlib", "msgspec", "tenacity")

_CODE = """
import sys, time
began = time.process_time()
{statement}
took = time.process_time() - began
modules = sorted(sys.modules)
try:
    with open("/proc/self/status") as status:
        memory = next(int(row.split()[1]) * 1024 for row in status if row.startswith("VmRSS"))
except OSError:
    memory = None
import json
print(json.dumps({{"took": took, "modules": modules, "memory": memory}}))
"""


@dataclass(frozen=True)
class Import:
    """One statement: processor seconds (median, fastest, slowest), bytes resident in all (`None` where not told), modules."""

    statement: str
    took: float
    spread: tuple[float, float]
    memory: float | None
    modules: int
    heavy: tuple[str, ...]


def imports(rounds: int) -> list[Import]:
    """Run every statement `rounds` times, one after the other in turns.

    A first turn warms the disk, and compiles what was not: whatever the environment says of that, a package that has
    been installed is compiled.
    """
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in STATEMENTS}
    with TemporaryDirectory() as compiled:
        for turn in range(rounds + 1):
            for name, statement in STATEMENTS.items():
                answer = _fresh(statement, compiled)
                if turn:
                    told[name].append(answer)
    return [_summed(name, answers) for name, answers in told.items()]


def _fresh(statement: str, compiled: str) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-c", _CODE.format(statement=statement)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
    done = subprocess.run(command, check=True, capture_output=True, env=environment)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _summed(name: str, answers: list[dict[str, Any]]) -> Import:
    took = [answer["took"] for answer in answers]
    memory = [answer["memory"] for answer in answers]
    modules = answers[-1]["modules"]
    heavy = tuple(one for one in HEAVY if one in modules)
    return Import(
        name, median(took), (min(took), max(took)), median(memory) if all(memory) else None, len(modules), heavy
    )
