"""Which notebooks need a kernel of their own, and why."""

from __future__ import annotations

import pytest
from notebook_sessions.check import Reason, unsuited


@pytest.mark.parametrize(
    ("source", "reason", "what"),
    [
        ("%matplotlib inline", Reason.SYNTAX, "%matplotlib inline"),
        ("x = 1\n!ls", Reason.SYNTAX, "!ls"),
        ("def f(:", Reason.SYNTAX, "def f(:"),
        ("import threading", Reason.MODULE, "threading"),
        ("from concurrent.futures import ThreadPoolExecutor", Reason.MODULE, "concurrent.futures"),
        ("import matplotlib.pyplot as plt", Reason.MODULE, "matplotlib.pyplot"),
        ("get_ipython().user_ns", Reason.SHELL, "get_ipython"),
        ("name = input('?')", Reason.SHELL, "input"),
        ("import os\nos.chdir('/')", Reason.SHARED, "os.chdir"),
        ("import os\nos.environ['A'] = 'b'", Reason.SHARED, "os.environ['A']"),
        ("import random\nrandom.seed(1)", Reason.SHARED, "random.seed"),
        (
            "import pandas as pd\npd.options.display.max_rows = 5",
            Reason.SHARED,
            "pd.options.display.max_rows",
        ),
        ("import sys\ndel sys.modules['os']", Reason.SHARED, "sys.modules['os']"),
        ("import json as j\nj.count += 1", Reason.SHARED, "j.count"),
    ],
)
def test_what_needs_a_kernel_is_named(source: str, reason: Reason, what: str) -> None:
    (found,) = unsuited([(3, source)])
    assert (found.cell, found.reason, found.what) == (3, reason, what)
    assert found.line == source.count("\n") + 1


@pytest.mark.parametrize(
    "source",
    [
        "",
        "from isoxa_widgets import lesson\nbai = lesson('03-pdca')",
        "import ipywidgets as w\nb = w.Button()\nb.on_click(print)\nb.layout.width = '5em'",
        "import asyncio\nawait asyncio.sleep(1)",
        "import pandas as pd\ndf = pd.DataFrame()\ndf['x'] = 1\ndf.attrs['a'] = 2",
        "import random\nr = random.Random(5)\nr.seed(6)",
        "class A: pass\nA.x = 1",
    ],
)
def test_a_plain_notebook_is_left_alone(source: str) -> None:
    assert unsuited([(0, source)]) == []


def test_a_module_imported_in_one_cell_is_known_in_the_next() -> None:
    assert [one.cell for one in unsuited([(0, "import os"), (4, "os.environ['A'] = ''")])] == [4]
