"""``pks-kit sign`` and ``pks-kit sandbox init``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.passphrase import Passphrase, passphrase_options
from pks_kit.cli.terminal import echo, echo_json, say, tell_notes, tell_plain, tell_step
from pks_kit.cli.writing import refuse_existing, refuse_replacing_no_pdf, write_sandbox
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.pipelines.sign import SignResult
    from pks_kit.policy.box_look import BoxLook
    from pks_kit.signing.ports import MeteraiProvider, SignerSource, TimeStamperSource

_SANDBOX = "sandbox:"
_FILE = click.Path(path_type=Path)


@click.command("sign")
@click.argument("pdf", type=_FILE, metavar="FILE.pdf")
@click.option("--pihak", type=click.Choice(["kesatu", "kedua"]), help="Who signs or stamps.")
@click.option("--tempat", help="Name of a place, for example TTD_JEJARING_1.")
@click.option("--p12", type=_FILE, help="PKCS#12 file with key and certificate.")
@click.option("--pem-key", type=_FILE, help="Private key in PEM.")
@click.option("--pem-cert", type=_FILE, help="Certificate of that key.")
@click.option("--pem-chain", type=_FILE, help="Certificates above it.")
@click.option("--tsa", help="Timestamp authority: URL, or sandbox:DIR.")
@click.option("--meterai", help="Stamp instead of sign: sandbox:DIR.")
@click.option("--receipt", type=_FILE, help="Receipt; default: <slug>.receipt.json beside it.")
@click.option("--alasan", help="Reason written into the signature.")
@click.option("--lokasi", default="", help="City written into the signature.")
@click.option("--nama-sertifikat", help="Accept this certificate name although it differs.")
@click.option("--tampilan", metavar="NAME", help="Look of the box: a name, or a file .yml.")
@click.option(
    "-o", "--output", type=_FILE, required=True, metavar="OUT.pdf", help="The file to write."
)
@click.option("--force", is_flag=True, help="Replace an existing output.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@passphrase_options
def sign_command(
    *,
    pdf: Path,
    pihak: str | None,
    tempat: str | None,
    p12: Path | None,
    pem_key: Path | None,
    pem_cert: Path | None,
    pem_chain: Path | None,
    tsa: str | None,
    meterai: str | None,
    receipt: Path | None,
    alasan: str | None,
    lokasi: str,
    nama_sertifikat: str | None,
    tampilan: str | None,
    output: Path,
    force: bool,
    as_json: bool,
    passphrase: Passphrase,
) -> None:
    """Sign FILE.pdf, or stamp it with --meterai.

    The passphrase opens the key file and, when sandbox:DIR is used, the sandbox keys.
    It is asked for unless --passphrase-env or --passphrase-fd says where it is.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.files import check_output, write_atomic
        from pks_kit.pipelines.sign import SignRequest, sign

        if meterai is not None and (p12 or pem_key or tsa):
            raise UsageError("sign.key_or_meterai")
        signer = None if meterai else _signer(p12, pem_key, pem_cert, pem_chain, passphrase)
        stamps = None if meterai else timestamps(tsa, passphrase)
        distributor = _meterai(meterai, passphrase) if meterai else None
        look = _look(tampilan) if tampilan else None
        check_output(output, pdf, *([receipt] if receipt else []))
        refuse_existing(output, "sign.exists", force=force)
        refuse_replacing_no_pdf(output)
        result = sign(
            SignRequest(
                pdf=pdf,
                clock=now,
                peran=f"pihak_{pihak}" if pihak else None,
                tempat=tempat,
                signer=signer,
                timestamps=stamps,
                meterai=distributor,
                receipt=receipt,
                alasan=alasan,
                lokasi=lokasi,
                nama_diterima=nama_sertifikat,
                tampilan=look,
                progress=tell_step,
            )
        )
        tell_step("sign.step.write")
        write_atomic(output, result.file.content)
        if as_json:
            echo_json(to_json(result) | {"output": str(output)})
        else:
            _show(result, output)


@click.group("sandbox")
def sandbox_group() -> None:
    """Make test keys that nobody trusts unless asked to."""


@sandbox_group.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--receipt", type=_FILE, help="Take the names of the signers from a receipt.")
@click.option("--kesatu", default="Penanda Tangan Kesatu", help="Name of the first signer.")
@click.option("--kedua", default="Penanda Tangan Kedua", help="Name of the second signer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@passphrase_options
def sandbox_init(
    *,
    folder: Path,
    receipt: Path | None,
    kesatu: str,
    kedua: str,
    as_json: bool,
    passphrase: Passphrase,
) -> None:
    """Write root.pem, signer keys, a timestamp key and a meterai key to DIR.

    Settings that use them are written too, unless the names come from a receipt. A batch signs
    when --kesatu is the name that its agreements print for PIHAK KESATU.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.cli.sandbox_settings import SETTINGS_FILE, sandbox_settings
        from pks_kit.pipelines.sandbox import SandboxInitRequest
        from pks_kit.pipelines.sandbox import sandbox_init as make

        made = make(
            SandboxInitRequest(
                passphrase=passphrase.read(),
                people={"pihak_kesatu": kesatu, "pihak_kedua": kedua},
                receipt=receipt,
                clock=now,
            )
        )
        own = () if receipt else (sandbox_settings(passphrase.origin),)  # codes may be others
        files = write_sandbox((*made.files, *own), folder)
        if as_json:
            from pks_kit.cli.forms import SandboxWritten

            echo_json(to_json(SandboxWritten(files=tuple(files))))
            return
        for path in files:
            echo(str(path))
        echo(say("sandbox.made"), err=True)
        if own:
            echo(say("sandbox.settings", file=folder / SETTINGS_FILE), err=True)


def now() -> datetime:
    """Return the present time with the zone of this computer."""
    return datetime.now(UTC).astimezone()


def _look(name: str) -> BoxLook:
    from pks_kit.policy.box_look import load_box_look
    from pks_kit.resources import signing_root

    own = Path(name)
    if own.suffix == ".yml":
        return load_box_look(own.parent, own.stem)
    return load_box_look(signing_root() / "appearance", name)


def _signer(
    p12: Path | None,
    key: Path | None,
    certificate: Path | None,
    chain: Path | None,
    passphrase: Passphrase,
) -> SignerSource:
    from pks_kit.files import read_limited, read_secret
    from pks_kit.limits import KEY_FILE_BYTES
    from pks_kit.signing.keys.files import load_pem, load_pkcs12, pem_is_encrypted

    if p12 is not None and not (key or certificate or chain):
        content = read_secret(p12, KEY_FILE_BYTES)
        return load_pkcs12(content, passphrase.read(), str(p12))
    if p12 is not None or key is None or certificate is None:
        raise UsageError("sign.one_key")
    opened = read_secret(key, KEY_FILE_BYTES)
    return load_pem(
        opened,
        read_limited(certificate, KEY_FILE_BYTES),
        read_limited(chain, KEY_FILE_BYTES) if chain else b"",
        passphrase.read() if pem_is_encrypted(opened) else b"",
        str(key),
        str(certificate),
        str(chain or ""),
    )


def sandbox_folder(name: str | None) -> Path | None:
    """Return DIR of ``sandbox:DIR``, or None for anything else."""
    return Path(name.removeprefix(_SANDBOX)) if name and name.startswith(_SANDBOX) else None


def timestamps(tsa: str | None, passphrase: Passphrase) -> TimeStamperSource:
    """Return the timestamp authority of ``--tsa``.

    Raises:
        UsageError: ``sign.no_timestamps`` without one, ``timestamp.url``.
        InputError: There is no such sandbox.
        SigningError: The passphrase does not open the key of the sandbox.
    """
    from pks_kit.pki.timestamp_http import HttpTimestamps
    from pks_kit.signing.sandbox.authority import TSA_FILE, SandboxTimestamps, load_sandbox_key

    if tsa is None:
        raise UsageError("sign.no_timestamps")
    folder = sandbox_folder(tsa)
    if folder is None:
        return HttpTimestamps(url=tsa)
    key = load_sandbox_key(folder, TSA_FILE, passphrase.read())
    return SandboxTimestamps(key=key, clock=now)


def _meterai(name: str, passphrase: Passphrase) -> MeteraiProvider:
    import secrets

    from pks_kit.signing.sandbox.authority import METERAI_FILE, load_sandbox_key
    from pks_kit.signing.sandbox.meterai import SandboxMeterai

    folder = sandbox_folder(name)
    if folder is None:
        raise UsageError("sign.meterai_unknown", known="sandbox:DIR")
    return SandboxMeterai(
        key=load_sandbox_key(folder, METERAI_FILE, passphrase.read()),
        timestamps=timestamps(name, passphrase),
        random_bytes=secrets.token_bytes,
    )


def _show(result: SignResult, output: Path) -> None:
    done = "sign.done.meterai" if result.sn else "sign.done.tanda_tangan"
    echo(say(done, place=result.place, signer=result.signer, sn=result.sn or "", time=result.time))
    echo(str(output))
    tell_notes(result.notes)
    tell_plain(result.without_tls)
    if result.is_uji:
        echo(say("sign.done.test"), err=True)
    if result.skew_seconds is not None:
        echo(say("sign.done.skew", seconds=result.skew_seconds), err=True)
    if result.next:
        echo(say("sign.done.next", steps=", ".join(result.next)))
    else:
        echo(say("sign.done.complete"))
