"""Login at Peruri: a bearer token, renewed before it ends and once when it is refused.

``exp`` of the token is read without checking its signature: it only tells when to ask for the next
one, and a wrong value costs a login more. Sources disagree about its lifetime (24 hours, one hour,
15 minutes; esign 2.1), so a token without ``exp`` is used for ten minutes [I].
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.net.pace import Pace
from pks_kit.net.transport import Answer
from pks_kit.signing.services.peruri.addresses import host_of
from pks_kit.signing.services.peruri.answers import (
    decoded,
    is_ok,
    parsed,
    refusal_of,
    result_of,
    says_no,
    text_of,
)
from pks_kit.signing.services.peruri.call import REFUSING, Call, is_fault, send
from pks_kit.signing.services.peruri.options import PeruriAccount, PeruriHosts

EARLY = timedelta(minutes=2)
"""How long before its end a token is renewed: longer than one stamp may take."""

LIFE_WITHOUT_EXP = timedelta(minutes=10)

_QUOTA = re.compile(r"(?i)\b(saldo|kuota|quota)\b")
_TOKEN = re.compile(r"(?i)token|jwt")
_ENDED = re.compile(r"(?i)expire|kedaluwarsa|kadaluarsa|invalid|berakhir")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    token: Secret
    user_id: str
    ends: datetime


class PeruriLogin:
    """One account that is logged in when needed.

    Args:
        hosts: Addresses.
        account: User and password.
        clock: Gives the present time.
        pace: How fast the account may be used; None: as fast as there is something to ask.
    """

    __slots__ = ("_pace", "_session", "account", "clock", "hosts")

    def __init__(
        self,
        hosts: PeruriHosts,
        account: PeruriAccount,
        clock: Callable[[], datetime],
        pace: Pace | None = None,
    ) -> None:
        self.hosts = hosts
        self.account = account
        self.clock = clock
        self._pace = pace
        self._session: _Session | None = None

    def __repr__(self) -> str:
        """Return the address without user, password or token."""
        return f"PeruriLogin({host_of(self.hosts.backend)})"

    @property
    def name(self) -> str:
        """Return host and a mark of the account: what one bought, another cannot be asked about."""
        mark = hashlib.sha256(self.account.user.casefold().encode()).hexdigest()[:8]
        return f"{host_of(self.hosts.backend)} akun-{mark}"

    async def token(self) -> Secret:
        """Return a token that lives long enough for one call.

        Raises:
            SigningError: ``meterai.login_refused``, ``meterai.clock``, or it cannot be asked.
        """
        return (await self._current()).token

    async def user_id(self) -> str:
        """Return the id of the user, which addresses its list of serial numbers.

        Raises:
            SigningError: As ``token``; ``meterai.answer_unclear`` when the login told no id.
        """
        found = (await self._current()).user_id
        if not found:
            raise SigningError("meterai.answer_unclear", what="login", detail="user.id")
        return found

    async def send(self, call: Call) -> Answer:
        """Send a call with the token; when the token is refused, once more with a new one.

        A refused token means that nothing was done, so the second sending is no repetition.

        Raises:
            SigningError: It cannot be sent, or the token is refused twice.
            UnknownOutcomeError: The call acts and its answer was lost.
        """
        for last in (False, True):
            token = await self.token()
            allowed = call.may_go_plain or self.hosts.may_go_plain
            asked = call.with_token(token)
            reply = await send(replace(asked, may_go_plain=allowed, pace=self._pace))
            if not _token_refused(reply):
                return reply
            self._session = None
            if last:
                break
        raise SigningError("meterai.token_refused", host=host_of(call.url))

    async def ask(self, call: Call) -> Mapping[str, Any]:
        """Return the answer of a call as JSON that says ``"00"``.

        Raises:
            SigningError: ``meterai.refused`` with Peruri's code and words, ``meterai.quota_empty``;
                ``meterai.answer_unclear`` when the call does not act.
            UnknownOutcomeError: ``meterai.answer_unclear`` when the call acts.
        """
        reply = await self.send(call)
        answer = reply.json_object()
        said_no = reply.status in REFUSING or (answer is not None and says_no(answer))
        if said_no and not is_fault(reply):
            code, words = refusal_of(answer or {"statusCode": reply.status}, self.account.password)
            if _QUOTA.search(words):
                raise SigningError("meterai.quota_empty", left=words)
            raise SigningError("meterai.refused", what=call.what, code=code, words=words)
        told = answer is not None and (call.lenient or is_ok(answer))
        if answer is None or reply.status != 200 or not told:
            error = UnknownOutcomeError if call.acts else SigningError
            raise error("meterai.answer_unclear", what=call.what, detail=f"HTTP {reply.status}")
        return answer

    async def _current(self) -> _Session:
        session = self._session
        if session is None or session.ends - EARLY <= self.clock():
            session = await self._log_in()
            self._session = session
        return session

    async def _log_in(self) -> _Session:
        account = self.account
        body = {"user": account.user, "password": account.password.reveal()}
        url = f"{self.hosts.backend}/api/users/login"
        allowed = self.hosts.may_go_plain
        call = Call(
            what="login",
            method="POST",
            url=url,
            json=body,
            may_go_plain=allowed,
            pace=self._pace,
        )
        reply = await send(call)
        answer = reply.json_object()
        if answer is None or is_fault(reply):
            detail = f"HTTP {reply.status}"
            raise SigningError("meterai.answer_unclear", what="login", detail=detail)
        if reply.status != 200 or not is_ok(answer):
            code, words = refusal_of(answer, account.password)
            raise SigningError("meterai.login_refused", code=code, words=words)
        login = _inner(result_of(answer), "data", "login")
        token = text_of(answer, "token") or text_of(login, "token")
        if not token or any(sign.isspace() or not sign.isascii() for sign in token):
            raise SigningError("meterai.answer_unclear", what="login", detail="token")
        ends = token_end(token) or self.clock() + LIFE_WITHOUT_EXP
        if ends <= self.clock():
            raise SigningError("meterai.clock", time=ends)
        user_id = text_of(_inner(login, "user"), "id")
        return _Session(token=Secret(token), user_id=user_id, ends=ends)


def token_end(token: str) -> datetime | None:
    """Return ``exp`` of a JWT without trusting it, or None when there is none that makes sense."""
    parts = token.split(".")
    content = decoded(parts[1].replace("-", "+").replace("_", "/")) if len(parts) == 3 else None
    claims = parsed(content) if content else None
    exp = claims.get("exp") if claims else None
    if not isinstance(exp, int | float) or isinstance(exp, bool):
        return None
    try:
        return datetime.fromtimestamp(exp, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _token_refused(reply: Answer) -> bool:
    if reply.status == 401:
        return True
    answer = reply.json_object() if reply.status in (200, 400, 403) else None
    if answer is None or is_ok(answer) or "statusCode" not in answer:
        return False
    words = " ".join(refusal_of(answer))
    token = _TOKEN.search(words)
    return token is not None and _ENDED.search(words, token.end()) is not None


def _inner(found: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    for name in names:
        inner = found.get(name)
        found = inner if isinstance(inner, dict) else {}
    return found
