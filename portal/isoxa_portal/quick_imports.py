"""What costs seconds to import and is hardly ever asked stands aside until it is.

jsonschema imports ``rfc3987_syntax`` for its check of internationalised addresses (format ``iri``), and that compiles
some thirty grammars at its import: more work than everything else of the portal's start together, in every process
that touches a notebook. None of our schemas asks for that format. So a stand-in takes its name; the real module
comes, and takes the name back, with the first question.
"""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

__all__ = ["stand_aside"]

_NAME = "rfc3987_syntax"


class _StandIn(ModuleType):
    """Has what jsonschema takes from the module at once, and leads everybody else to the real one."""

    def is_valid_syntax(self, term: str, value: str) -> bool:
        """Whether the text is one of these of RFC 3987, by the real module."""
        return bool(_real().is_valid_syntax(term, value))

    def __getattr__(self, name: str) -> Any:
        # The import system asks for these of any module.
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_real(), name)


def _real() -> ModuleType:
    if isinstance(sys.modules.get(_NAME), _StandIn):
        del sys.modules[_NAME]
    return importlib.import_module(_NAME)


def stand_aside() -> None:
    """Put the stand-in where the module is installed and not imported yet; without it jsonschema checks no ``iri``."""
    if _NAME in sys.modules:
        return
    spec = find_spec(_NAME)
    if spec is not None:
        stand_in = _StandIn(_NAME)
        stand_in.__spec__ = spec
        sys.modules[_NAME] = stand_in
