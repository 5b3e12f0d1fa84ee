"""Judge returned files: intake, signatures, changes, parties, report.

The public function ``pks_kit.verify`` has the name of this package, and importing any part of the
package puts the package in its place. So the package can be called, and calling it is the function.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    def __call__(self, request: Any) -> Any:
        """Judge a file; see :func:`pks_kit.pipelines.verify.verify`."""
        return importlib.import_module("pks_kit.pipelines.verify").verify(request)


sys.modules[__name__].__class__ = _Callable
