"""Imported last by a fork server: what it has loaded is put apart from the search for garbage.

The search writes into everything that it looks through, so a copy of the process would soon share
nothing with it any more. A worker has half as much memory of its own with this.
"""

from __future__ import annotations

import gc

gc.collect()
gc.freeze()
