"""Passphrases and PINs that a person types: tried once before anything begins, kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pks_kit.domain.secret import Secret
from pks_kit.settings.asked import ASKED, asked_names, secret_words
from pks_kit.web.pages.rendering import Words
from pks_kit.web.pages.sent_form import SECRET
from pks_kit.web.pages.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongSecret:
    """A passphrase or PIN that is missing or does not open its key.

    Attributes:
        name: Name of the secret; see ``pks_kit.settings.asked``.
        words: Why, in the language of the page.
    """

    name: str
    words: str


def asked_of(visit: Visit, parties: Sequence[str]) -> dict[str, str]:
    """Return the secrets that this page must ask for: name -> words, in its language."""
    names = asked_names(visit.portal.signing, parties)
    return {name: secret_words(name).in_language(visit.language) for name in names}


async def taken_secrets(visit: Visit, parties: Sequence[str]) -> WrongSecret | None:
    """Take what was typed for the work that is ordered next, after trying it once.

    Args:
        visit: The visit; its call gets the secrets when they work.
        parties: Who signs.

    Returns:
        What is wrong; None when everything works, or nothing has to be asked.
    """
    asked, words = asked_of(visit, parties), Words(visit.language)
    given = {name: visit.sent.secret(f"{SECRET}.{name}") for name in asked}
    for name, typed in given.items():
        if not typed:
            return WrongSecret(name=name, words=words.of("secret.missing", what=asked[name]))
    if not asked:
        return None
    secrets = {(ASKED, name): Secret(typed) for name, typed in given.items()}
    done = await visit.portal.ask(
        "coba_kunci", {"pihak": list(parties), "nama": list(asked)}, secrets=secrets
    )
    bad: dict[str, Any] | None = done.hasil["salah"]
    if bad is not None:
        told = words.of("secret.wrong", what=asked[bad["name"]])
        return WrongSecret(name=bad["name"], words=f"{told}. {words.both(bad['message'])}")
    visit.call.secrets = secrets
    return None
