"""Logged-in sessions with PKCS#11 tokens, one per token and process.

A token locks itself after a few wrong PINs. A PIN that a token refused is therefore never given
to it again by this process, and nothing is tried when the token says that one try is left.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from pks_kit.errors import SigningError
from pks_kit.messages import Message, lookup

if TYPE_CHECKING:
    from pks_kit.domain.secret import Secret

_MARK = secrets.token_bytes(32)
_REFUSED: set[tuple[str, str, bytes]] = set()
_OPEN: dict[tuple[str, str], OpenToken] = {}
_OPENING = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenToken:
    """A session of a user who is logged in.

    Attributes:
        session: Session of python-pkcs11.
        lock: A session does one thing at a time.
    """

    session: Any
    lock: Lock = field(default_factory=Lock)
    _pin: bytes = field(repr=False)


def open_token(module: Path, label: str, pin: Secret) -> OpenToken:
    """Return the session with a token, opened at the first call.

    Args:
        module: Library of the maker of the token.
        label: Label of the token.
        pin: PIN of the user.

    Raises:
        SigningError: ``token.no_support``, ``token.module``, ``token.not_found``,
            ``token.ambiguous``, ``token.pin_incorrect``, ``token.pin_locked``,
            ``token.pin_last_try``, ``token.pin_expired``, ``token.pin_not_set``, ``token.failed``.
    """
    key = (str(module), label)
    mark = hmac.digest(_MARK, pin.reveal().encode(), "sha256")
    with _OPENING:
        known = _OPEN.get(key)
        if known is not None:
            # the token would not look at the PIN again: an open door is not for everybody
            if not hmac.compare_digest(known._pin, mark):
                raise SigningError("token.pin_incorrect", token=label)
            return known
        if (*key, mark) in _REFUSED:
            raise SigningError("token.pin_incorrect", token=label)
        token = _find(module, label)
        try:
            session = _log_in(token, label, pin)
        except SigningError as error:
            if error.code == "token.pin_incorrect":
                _REFUSED.add((*key, mark))
            raise
        _OPEN[key] = OpenToken(session=session, _pin=mark)
        return _OPEN[key]


def forget_token(module: Path, label: str) -> None:
    """Close the session with a token that was pulled out, so that the next call opens it anew."""
    from pkcs11.exceptions import PKCS11Error

    with _OPENING:
        known = _OPEN.pop((str(module), label), None)
    if known is not None:
        try:
            known.session.close()
        except PKCS11Error:
            return


def _find(module: Path, label: str) -> Any:
    try:
        import pkcs11
    except ImportError as error:
        raise SigningError("token.no_support") from error
    try:
        slots = pkcs11.lib(str(module)).get_slots(token_present=True)
        tokens = [slot.get_token() for slot in slots]
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        raise SigningError("token.module", file=str(module), reason=token_reason(error)) from error
    found = [token for token in tokens if token.label == label]
    if not found:
        known = ", ".join(sorted(f"«{one.label}»" for one in tokens if one.label))
        raise SigningError("token.not_found", token=label, known=known or "-")
    if len(found) > 1:
        raise SigningError("token.ambiguous", token=label)
    return found[0]


def _log_in(token: Any, label: str, pin: Secret) -> Any:
    from pkcs11 import exceptions as trouble
    from pkcs11.constants import TokenFlag

    if token.flags & TokenFlag.USER_PIN_LOCKED:
        raise SigningError("token.pin_locked", token=label)
    if token.flags & TokenFlag.USER_PIN_FINAL_TRY:
        raise SigningError("token.pin_last_try", token=label)
    try:
        return token.open(user_pin=pin.reveal())
    except (trouble.PinIncorrect, trouble.PinInvalid, trouble.PinLenRange):
        raise SigningError("token.pin_incorrect", token=label) from None
    except trouble.PinLocked:
        raise SigningError("token.pin_locked", token=label) from None
    except trouble.PinExpired:
        raise SigningError("token.pin_expired", token=label) from None
    except trouble.UserPinNotInitialized:
        raise SigningError("token.pin_not_set", token=label) from None
    except trouble.PKCS11Error as error:
        raise SigningError("token.failed", token=label, reason=token_reason(error)) from error


def token_reason(error: Exception) -> Message | str:
    """Return what a token or its library said, or that it said nothing."""
    return str(error)[:160] or lookup("token.unsaid")
