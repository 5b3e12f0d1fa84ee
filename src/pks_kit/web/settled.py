"""What a server does once before it answers, so that no answer waits for it later.

Python looks through everything that is in memory for what nothing refers to any more, again and
again: a server with all its modules, templates and words takes over a tenth of a second for that,
in which nobody is answered. What is there when it opens stays to its end; it is passed over.
"""

from __future__ import annotations

import gc


def settle(*, ahead: bool) -> None:
    """Load what pages need, and let the collector pass over what is there.

    Args:
        ahead: Whether templates are loaded; half a second of a processor, of no use to a test.
    """
    if ahead:
        from pks_kit.web.pages.rendering import environment

        for name in environment().list_templates():
            environment().get_template(name)
    gc.collect()
    gc.freeze()


def unsettle() -> None:
    """Let the collector look through everything again; the application may go on without us."""
    gc.unfreeze()
