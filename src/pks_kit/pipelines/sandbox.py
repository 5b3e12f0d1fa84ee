"""Make test keys that nobody trusts unless asked to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pks_kit.files import NamedFile
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.requests.given import ReceiptInput, read_receipt
from pks_kit.signing.sandbox.authority import create_sandbox, people_of, sandbox_files


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxInitRequest(Request):
    """Whose test keys to make.

    Attributes:
        passphrase: Locks every key; at least eight bytes.
        people: Name of the person per code, for example ``{"pihak_kesatu": "Sari Anggraini"}``;
            not looked at with a receipt.
        receipt: Receipt of an agreement, whose signers get keys.
        for_anybody: Whether the authority is kept (``penerbit.p12``), so that the signer
            ``sandbox`` of the settings can sign as whoever an agreement prints.
        clock: Tells the time of birth; certificates begin one day earlier.
    """

    passphrase: bytes = field(repr=False)
    people: Mapping[str, str] = field(default_factory=dict)
    receipt: ReceiptInput | None = None
    for_anybody: bool = False
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxInitResult:
    """What was made.

    Attributes:
        files: Root certificate, locked keys, revocation lists and a note. Those whose names end
            in ``.p12`` hold keys: nobody but the owner may read them.
    """

    files: tuple[NamedFile, ...]


@verb
def sandbox_init(request: SandboxInitRequest) -> SandboxInitResult:
    """Make a root certificate, signer keys, a timestamp key and a meterai key, all for tests.

    Raises:
        UsageError: ``sandbox.passphrase_short``, ``request.type``.
        InputError: ``receipt.invalid``, or the receipt cannot be read.
    """
    people = request.people
    if request.receipt is not None:
        people = people_of(read_receipt(request.receipt, "SandboxInitRequest.receipt"))
    sandbox = create_sandbox(moment(request.clock), people, for_anybody=request.for_anybody)
    return SandboxInitResult(files=sandbox_files(sandbox, request.passphrase))


sandbox_init_async = in_background(sandbox_init)
