"""Loading the SDK leaves the process as it was."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest
from tests.hosts.bitbucket_cloud.asked import served
from tests.transport.scripted import answer

_CODE = """
import logging, warnings
import pullbridge.transport.session, pullbridge.auth.signing  # requests and urllib3 have filters of their own

def state():
    loggers = [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    kept = {each.name: (each.level, each.disabled) for each in [logging.root, *loggers]}
    heard = [h for each in [logging.root, *loggers] for h in each.handlers if not isinstance(h, logging.NullHandler)]
    return warnings.filters[:], kept, heard

filters, loggers, heard = state()
import pullbridge.hosts.bitbucket_cloud.host
after, found, now = state()
assert filters == after, after
assert heard == now, now
for name, standing in found.items():
    assert standing == loggers.get(name, (0, False)), (name, standing)
"""


def test_the_process_stays_as_it_was() -> None:
    """Neither a logger that says anything, nor a filter of warnings."""
    done = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_provider_loads_no_sdk() -> None:
    """Only opening a host does."""
    code = "import sys, pullbridge.hosts.bitbucket_cloud; sys.exit('atlassian' in sys.modules or 'requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_live_connection_is_not_pickled_nor_copied() -> None:
    """A copy would not be guarded."""
    with served(lambda _: answer(200, {})) as (api, _):
        live: list[Any] = [api.requests, api.native("octo/app")]
        for each in live:
            with pytest.raises(TypeError, match="not pickled"):
                pickle.dumps(each)
            with pytest.raises(TypeError, match="not pickled"):
                copy.deepcopy(each)
