"""Whether a notebook can share a process with others, judged before it is released.

Sessions share modules, the working folder, environment variables and threads. A notebook that changes one of those,
or uses what only a kernel has, needs a process of its own; each such place is named with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a line needs a kernel of its own. The value is for machines; whoever shows it has its own words."""

    SYNTAX = "syntax"  # a magic, a shell command, or no Python
    MODULE = "module"  # a module that starts threads or processes, or keeps state for all
    SHARED = "shared"  # changes something of the process: a module's attribute, the folder, the environment
    SHELL = "shell"  # asks for IPython's shell or for the keyboard


@dataclass(frozen=True)
class Unsuited:
    """One place. ``cell`` counts all cells from 0, ``line`` its lines from 1; ``what`` is the name in question."""

    cell: int
    line: int
    reason: Reason
    what: str


# Threads and processes escape the session; matplotlib.pyplot keeps one current figure for all.
_MODULES = frozenset(
    {
        "threading",
        "multiprocessing",
        "concurrent",
        "subprocess",
        "signal",
        "ctypes",
        "socket",
        "matplotlib",
        "pylab",
    }
)
_PROCESS = frozenset(
    {
        ("os", "chdir"), ("os", "putenv"), ("os", "unsetenv"), ("os", "umask"), ("os", "_exit"), ("os", "kill"),
        ("os", "fork"), ("os", "system"), ("random", "seed"), ("locale", "setlocale"), ("warnings", "filterwarnings"),
        ("warnings", "simplefilter"), ("logging", "basicConfig"), ("pd", "set_option"), ("pandas", "set_option"),
        ("np", "seterr"), ("numpy", "seterr"), ("sys", "setrecursionlimit"),
    }
)  # fmt: skip
_SHELL = frozenset({"get_ipython", "input", "exit", "quit"})


def unsuited(cells: Iterable[tuple[int, str]]) -> list[Unsuited]:
    """What in a notebook's code cells, given as (index, source), needs a kernel of its own; empty: nothing does."""
    found: list[Unsuited] = []
    modules: set[str] = set()
    for index, source in cells:
        try:
            tree = compile(
                source, f"cell {index}", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            )
        except (SyntaxError, ValueError) as problem:
            line = getattr(problem, "lineno", None) or 1
            found.append(Unsuited(index, line, Reason.SYNTAX, _line(source, line)))
            continue
        found += [Unsuited(index, line, reason, what) for line, reason, what in _look(tree, modules)]
    return found


def _look(tree: ast.AST, modules: set[str]) -> Iterator[tuple[int, Reason, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for one in names:
                    modules.add(one.asname or one.name.partition(".")[0])
                    if one.name.partition(".")[0] in _MODULES:
                        yield node.lineno, Reason.MODULE, one.name
            case ast.ImportFrom(module=str(name)) if name.partition(".")[0] in _MODULES:
                yield node.lineno, Reason.MODULE, name
            case ast.Call(func=ast.Name(id=name)) if name in _SHELL:
                yield node.lineno, Reason.SHELL, name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if (
                owner,
                name,
            ) in _PROCESS:
                yield node.lineno, Reason.SHARED, f"{owner}.{name}"
            case ast.Assign(targets=targets):
                yield from _changed(targets, modules)
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
                yield from _changed([target], modules)
            case ast.Delete(targets=targets):
                yield from _changed(targets, modules)


def _changed(targets: Iterable[ast.expr], modules: set[str]) -> Iterator[tuple[int, Reason, str]]:
    """``module.name = …``, ``module.name[…] = …`` and so on, of a module that was imported."""
    for target in targets:
        root = target
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        if isinstance(root, ast.Name) and root is not target and root.id in modules:
            yield target.lineno, Reason.SHARED, ast.unparse(target)


def _line(source: str, number: int) -> str:
    lines = source.splitlines()
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""
