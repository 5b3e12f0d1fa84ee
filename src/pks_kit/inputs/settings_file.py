"""Read the settings of a signing place: strict, all problems at once, and no secret in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from pks_kit.errors import InputProblemsError, Problem
from pks_kit.files import read_limited
from pks_kit.inputs.problems import collect
from pks_kit.inputs.text_file import NotTextError, decode_text
from pks_kit.inputs.which_file import other_role
from pks_kit.inputs.yaml_tree import format_path, read_tree
from pks_kit.net.plain import is_plain
from pks_kit.settings.model import SigningSettings
from pks_kit.strict_yaml.nodes import line_of
from pks_kit.strict_yaml.values import as_text

MAXIMUM_BYTES = 200_000
_PERSONAL = frozenset({"nik", "surel", "nomor"})
_SECRETS = _PERSONAL | frozenset(
    {
        "kata_sandi",
        "kata_sandi_buku",
        "passphrase",
        "pin",
        "otp",
        "totp",
        "token",
        "rahasia",
        "rahasia_lama",
    }
)
"""Keys whose value must name a place; ``token`` of a PKCS#11 key is a label, not a secret."""


class _WithoutKinds:
    """The errors of the model, without the kinds that pydantic puts into their paths."""

    def __init__(self, error: ValidationError, plain: Any) -> None:
        self._error = error
        self._plain = plain

    def errors(self, **options: Any) -> list[dict[str, Any]]:
        """Return the errors with paths as they stand in the file."""
        return [
            {**detail, "loc": self._path(detail["loc"])} for detail in self._error.errors(**options)
        ]

    def _path(self, path: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(path) < 3 or path[0] not in ("waktu", "penanda_tangan", "meterai"):
            return path
        entry = self._plain.get(path[0], {}).get(path[1], {})
        kind = entry.get("jenis") if isinstance(entry, dict) else None
        return (*path[:2], *path[3:]) if path[2] == kind else path


def load_settings(path: Path) -> SigningSettings:
    """Read a settings file.

    Raises:
        InputError: ``file.not_found`` and its kin.
        InputProblemsError: ``input.problems`` with everything that is wrong in the file, a secret
            written into it (``settings.secret_inside``), a name that nothing defines
            (``settings.unknown_name``), what is real beside a signer of the sandbox
            (``settings.sandbox_mixed``) and a service that would get credentials without TLS
            (``settings.without_tls``) among it.
    """
    return parse_settings(read_limited(path, MAXIMUM_BYTES), path.name)


def parse_settings(content: bytes, source: str) -> SigningSettings:
    """Read settings from bytes; see :func:`load_settings`."""
    try:
        text = decode_text(content)
    except NotTextError as error:
        raise InputProblemsError("input.problems", (error.problem,), file=source) from None
    # comments behind values are the custom of settings: only «#12» may be part of one
    tree, problems = read_tree(text, source, lambda _: False)
    other = other_role(tree, "settings")
    if other is not None:
        raise InputProblemsError("input.wrong_file", (other,), file=source)
    plain = as_text(tree)
    problems += [
        Problem(_written(where[-1]), format_path(where), line_of(tree, where), key=where[-1])
        for where in _written_secrets(plain, ())
    ]
    try:
        settings = SigningSettings.model_validate(plain)
    except ValidationError as error:
        shown = cast("ValidationError", _WithoutKinds(error, plain))
        found = collect(shown, tree, problems, SigningSettings, plain)
        raise InputProblemsError("input.problems", found, file=source) from None
    problems += [
        Problem(
            "settings.unknown_name",
            format_path(where),
            line_of(tree, where),
            name=name,
            part=where[-1],
            known=", ".join(getattr(settings, where[-1])) or "-",
        )
        for where, name in _loose_names(settings)
    ]
    problems += [
        Problem("settings.sandbox_mixed", format_path(where), line_of(tree, where))
        for where in _real_beside_sandbox(settings)
    ]
    problems += [
        Problem("settings.without_tls", format_path(where), line_of(tree, where))
        for where in _plain_addresses(settings)
    ]
    if problems:
        raise InputProblemsError("input.problems", tuple(problems), file=source)
    return settings


def _written(key: str) -> str:
    return "settings.personal_inside" if key in _PERSONAL else "settings.secret_inside"


def _written_secrets(value: Any, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if not isinstance(value, dict):
        return []
    found: list[tuple[str, ...]] = []
    if not path and _has_password(value.get("buku")):
        found.append(("buku",))
    is_label = value.get("jenis") == "pkcs11"
    for key, inner in value.items():
        where = (*path, str(key))
        if key in _SECRETS and not (key == "token" and is_label) and isinstance(inner, str):
            if not (inner == "tanya" or inner.startswith(("env:", "fd:"))):
                found.append(where)
        else:
            found += _written_secrets(inner, where)
    return found


def _plain_addresses(settings: SigningSettings) -> list[tuple[str, ...]]:
    """Return every address of another machine that would get credentials over plain ``http``."""
    found: list[tuple[str, ...]] = []
    for group in ("waktu", "penanda_tangan", "meterai"):
        for name, entry in getattr(settings, group).items():
            if getattr(entry, "tanpa_tls", True):
                continue
            given = {"adapter": getattr(entry, "adapter", None)}
            own = getattr(entry, "alamat", None)
            given |= dict(own) if isinstance(own, BaseModel) else {"alamat": own}
            inside = ("alamat",) if isinstance(own, BaseModel) else ()
            for key, url in given.items():
                # a timestamp authority needs no account; a query may hold the key of one
                is_open = group == "waktu" and "?" not in str(url)
                if url is not None and is_plain(url) and not is_open:
                    where = (key,) if key == "adapter" else (*inside, key)
                    found.append((group, name, *where))
    objects = settings.objek
    if objects is not None and not objects.tanpa_tls and is_plain(objects.alamat):
        found.append(("objek", "alamat"))
    return found


def is_settings(content: bytes) -> bool:
    """Return whether a YAML file is one of settings and not of contract data; reads no value."""
    try:
        tree, _ = read_tree(decode_text(content), "", lambda _: False)
    except (NotTextError, InputProblemsError):
        return False
    keys = set(tree.entries)
    return bool(keys & {"penanda_tangan", "pihak"}) and keys <= set(SigningSettings.model_fields)


def _has_password(address: object) -> bool:
    try:
        return isinstance(address, str) and bool(urlsplit(address).password)
    except ValueError:
        return False  # opening the ledger says what is wrong


def _real_beside_sandbox(settings: SigningSettings) -> list[tuple[str, ...]]:
    """Return what may be real in settings whose sandbox signs in the name of anybody.

    A signature in a name that nobody checked must never come near a real provider, so such settings
    hold nothing else at all.
    """
    groups = ("penanda_tangan", "waktu", "meterai")
    if all(entry.jenis != "sandbox" for entry in settings.penanda_tangan.values()):
        return []
    return [
        (group, name, "jenis")
        for group in groups
        for name, entry in getattr(settings, group).items()
        if entry.jenis != "sandbox"
    ]


def _loose_names(settings: SigningSettings) -> list[tuple[tuple[str, ...], str]]:
    """Return every name that is used but not defined, with its path."""
    found: list[tuple[tuple[str, ...], str]] = []
    for key, signer in settings.penanda_tangan.items():
        name = getattr(signer, "waktu", None)
        if name is not None and name not in settings.waktu:
            found.append((("penanda_tangan", key, "waktu"), name))
    for role, party in settings.pihak.items():
        if party.penanda_tangan and party.penanda_tangan not in settings.penanda_tangan:
            found.append((("pihak", role, "penanda_tangan"), party.penanda_tangan))
        if party.meterai and party.meterai not in settings.meterai:
            found.append((("pihak", role, "meterai"), party.meterai))
    if settings.arsip is not None and settings.arsip.waktu not in settings.waktu:
        found.append((("arsip", "waktu"), settings.arsip.waktu))
    return found
