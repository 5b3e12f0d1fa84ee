"""One call to Peruri or to the adapter: what is sent, and what its HTTP status means.

It goes through the door that all adapters share (``http``), which sorts lost answers by whether the
service can have acted; a call that buys or stamps *acts*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pks_kit.domain.secret import Secret
from pks_kit.net.provider import ProviderClient
from pks_kit.net.transport import READ_SECONDS, Answer

if TYPE_CHECKING:
    from pks_kit.net.pace import Pace

JSON_LIMIT = 8 << 20
REFUSING = frozenset({400, 403, 404, 405, 410, 413, 414, 415, 422})
"""HTTP statuses of a request that was looked at and not carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request.

    Attributes:
        what: Short name for messages.
        method: HTTP method.
        url: Address.
        json: JSON body.
        form: Form fields, beside ``file``.
        file: File of a multipart body: field, file name, content, media type.
        acts: Whether the service does something when it hears this call.
        lenient: Whether an answer without ``statusCode`` may still be right.
        csrf: Whether the token is sent as ``csrf-token`` too (one public client does [C]).
        seconds: How long to wait for the answer.
        limit: Largest answer in bytes.
        token: Bearer token; never shown.
        repeats_token: Field of the body that repeats the token; empty for none.
        may_go_plain: Whether the address was allowed to be without TLS.
        pace: How fast the account may be used; None: as fast as there is something to ask.
    """

    what: str
    method: Literal["GET", "POST"]
    url: str
    json: Mapping[str, Any] | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    file: tuple[str, str, bytes, str] | None = field(default=None, repr=False)
    acts: bool = False
    lenient: bool = False
    csrf: bool = False
    seconds: float = READ_SECONDS
    limit: int = JSON_LIMIT
    token: Secret | None = None
    repeats_token: str = ""
    may_go_plain: bool = False
    pace: Pace | None = field(default=None, repr=False)

    def with_token(self, token: Secret) -> Call:
        """Return the same call with a bearer token, in its header and where the body repeats it."""
        own = {self.repeats_token: token.reveal()} if self.repeats_token else {}
        return replace(
            self,
            token=token,
            json=None if self.json is None else {**self.json, **own},
            form=None if self.form is None else {**self.form, **own},
        )


def is_fault(answer: Answer) -> bool:
    """Return whether the service (or a proxy) failed, so that nobody knows what was done."""
    return answer.status >= 500 or answer.status in (408, 425, 429)


async def send(call: Call) -> Answer:
    """Send a call once and return the answer.

    Raises:
        SigningError: It was not sent, or it does not act and nobody
            answered; see ``ProviderClient``.
        UnknownOutcomeError: ``service.no_answer`` when it was sent and acts.
    """
    parts = urlsplit(call.url)
    base = f"{parts.scheme}://{parts.netloc}"
    headers = {"Accept": "*/*"}
    if call.token is not None:
        headers["Authorization"] = f"Bearer {call.token.reveal()}"
        if call.csrf:
            headers["csrf-token"] = call.token.reveal()
    files = None
    if call.file is not None:
        name, file_name, content, media_type = call.file
        files = {name: (file_name, content, media_type)}
    door = ProviderClient(
        base_url=base,
        read_seconds=call.seconds,
        answer_limit=call.limit,
        may_go_plain=call.may_go_plain,
        pace=call.pace,
    )
    return await door.call(
        call.method,
        call.url.removeprefix(base) or "/",
        acts=call.acts,
        headers=headers,
        json=call.json,
        data=call.form,
        files=files,
    )
