"""Turn what the settings say of a sandbox into tools: signer, timestamps and specimens of tests."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from pks_kit.signing.sandbox.as_printed import AsPrinted, load_as_printed
from pks_kit.signing.sandbox.authority import (
    METERAI_FILE,
    TSA_FILE,
    SandboxTimestamps,
    load_sandbox_key,
)
from pks_kit.signing.sandbox.meterai import SandboxMeterai

if TYPE_CHECKING:
    from pks_kit.pipelines.signing.tools import SigningTools
    from pks_kit.settings import model


def sandbox_signer(
    tools: SigningTools, chosen: model.SandboxSignerSettings, part: str
) -> AsPrinted:
    """Return the test authority that signs as whoever an agreement prints.

    Raises:
        PksKitError: It cannot be opened, or is not one of a sandbox; see ``load_as_printed``.
    """
    passphrase = tools.bytes_of(chosen.kata_sandi, f"{part}.kata_sandi")
    return load_as_printed(tools.path(chosen.folder), passphrase, tools.clock)


def sandbox_timestamps(
    tools: SigningTools, chosen: model.SandboxTimestampSettings, part: str
) -> SandboxTimestamps:
    """Return the test timestamp authority.

    Raises:
        PksKitError: Its key cannot be opened; see ``load_sandbox_key``.
    """
    passphrase = tools.bytes_of(chosen.kata_sandi, f"{part}.kata_sandi")
    key = load_sandbox_key(tools.path(chosen.folder), TSA_FILE, passphrase)
    return SandboxTimestamps(key=key, clock=tools.clock)


def sandbox_meterai(
    tools: SigningTools, chosen: model.SandboxMeteraiSettings, part: str
) -> SandboxMeterai:
    """Return what makes specimens.

    Raises:
        PksKitError: A key cannot be opened; see ``load_sandbox_key``.
    """
    folder, passphrase = (
        tools.path(chosen.folder),
        tools.bytes_of(chosen.kata_sandi, f"{part}.kata_sandi"),
    )
    stamps = load_sandbox_key(folder, METERAI_FILE, passphrase)
    times = load_sandbox_key(folder, TSA_FILE, passphrase)
    return SandboxMeterai(
        key=stamps,
        timestamps=SandboxTimestamps(key=times, clock=tools.clock),
        random_bytes=secrets.token_bytes,
    )
