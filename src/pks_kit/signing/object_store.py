"""Revisions on a server for objects (S3 or what speaks like it), by many machines at once.

``create`` is one request with the condition that the name is free, which the server decides. A
server that ignores the condition would break "written once", so each process tries it before it
trusts the server: the second write of a name that it just made must be refused.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pks_kit.domain.secret import Secret
from pks_kit.errors import InputError, LedgerError, UsageError
from pks_kit.limits import PDF_BYTES
from pks_kit.messages import lookup

if TYPE_CHECKING:
    from obstore.store import S3Store

SCHEME = "s3://"
_TRIAL = ".uji-tulis-sekali"
_SECONDS = "30s"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectServer:
    """A server for objects and how it is reached.

    Attributes:
        bucket: Bucket.
        prefix: Beginning of all names in it, without strokes at its ends; may be empty.
        address: Address of the server.
        region: Region that requests are signed for.
        key: Name of the account's key.
        secret: Secret of that key.
    """

    bucket: str
    prefix: str
    address: str
    region: str
    key: Secret
    secret: Secret


def bucket_and_prefix(address: str) -> tuple[str, str]:
    """Return the parts of ``s3://bucket/prefix``.

    Raises:
        UsageError: ``store.bad_address``.
    """
    parts = urlsplit(address)
    prefix = parts.path.strip("/")
    wrong = parts.scheme != "s3" or parts.query or parts.fragment or "@" in parts.netloc
    if wrong or not parts.netloc or ".." in prefix.split("/"):
        raise UsageError("store.bad_address", address=address)
    return parts.netloc, prefix


class ObjectPlace:
    """The files of all agreements on one server; a ``SessionPlace``.

    Args:
        server: The server.
    """

    needs_shared_lock = True

    def __init__(self, server: ObjectServer) -> None:
        self._server = server

    @property
    def shown(self) -> str:
        """Return where it is, for people."""
        return f"{SCHEME}{self._server.bucket}/{self._server.prefix}"

    def of(self, agreement_id: str) -> ObjectFiles:
        """Return the files of one agreement.

        Raises:
            UsageError: ``store.not_installed``.
            LedgerError: ``store.overwrites``: the server writes a name twice;
                ``store.unavailable``.
        """
        return ObjectFiles(store=self._store, shown=self.shown, agreement_id=agreement_id)

    def check(self) -> None:
        """Make sure that the server can be reached and refuses a second write.

        Raises:
            UsageError: ``store.not_installed``.
            LedgerError: ``store.overwrites``, ``store.unavailable``.
        """
        self.__dict__.pop("_store", None)
        _ = self._store

    @cached_property
    def _store(self) -> S3Store:
        try:
            from obstore import delete, put
            from obstore.exceptions import AlreadyExistsError, PreconditionError
            from obstore.store import S3Store
        except ImportError:
            raise UsageError("store.not_installed") from None
        server = self._server
        store = S3Store(
            server.bucket,
            prefix=server.prefix or None,
            endpoint=server.address,
            region=server.region,
            access_key_id=server.key.reveal(),
            secret_access_key=server.secret.reveal(),
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": server.address.startswith("http://"),
                "timeout": _SECONDS,
            },
            retry_config={"max_retries": 2},
        )
        name = f"{_TRIAL}/{secrets.token_hex(12)}"
        with told(self.shown):
            put(store, name, b"1", mode="create")
            try:
                put(store, name, b"2", mode="create")
            except (AlreadyExistsError, PreconditionError):
                return store
            finally:
                delete(store, name)
        raise LedgerError("store.overwrites", place=self.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFiles:
    """Files of one agreement on a server; ``RevisionFiles``.

    Attributes:
        store: The server, tried.
        shown: Where it is, for people.
        agreement_id: Id of the agreement.
    """

    store: S3Store
    shown: str
    agreement_id: str

    @property
    def folder(self) -> PurePosixPath:
        """Return where they are."""
        return PurePosixPath(self.shown.rstrip("/")) / self.agreement_id

    def names(self) -> tuple[str, ...]:
        """Return the names of all files."""
        from obstore import list as list_objects

        begin = f"{self.agreement_id}/"
        with told(self.shown):
            found = [
                str(one["path"]).removeprefix(begin)
                for several in list_objects(self.store, begin)
                for one in several
            ]
        return tuple(sorted(found))

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        from obstore import get

        with told(self.shown):
            found = get(self.store, self._key(name))
            if found.meta["size"] > PDF_BYTES:
                raise InputError("file.too_large", file=str(self.folder / name), limit=PDF_BYTES)
            return bytes(found.bytes())

    def create(self, name: str, content: bytes) -> None:
        """Write a file; the server refuses a name that is taken."""
        from obstore import put
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        with told(self.shown):
            try:
                put(self.store, self._key(name), content, mode="create", use_multipart=False)
            except (AlreadyExistsError, PreconditionError) as error:
                raise LedgerError("store.written", file=str(self.folder / name)) from error

    def lock(self) -> AbstractContextManager[None]:
        """Lock nothing: a server for objects has no locks, the ledger's database has them."""
        return nullcontext()

    def _key(self, name: str) -> str:
        return f"{self.agreement_id}/{name}"


@contextmanager
def told(shown: str) -> Iterator[None]:
    """Turn what the server says into an error of ours, without its text, which may name keys.

    Raises:
        LedgerError: ``store.unavailable``.
    """
    from obstore.exceptions import (
        BaseError,
        NotFoundError,
        PermissionDeniedError,
        UnauthenticatedError,
    )

    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError):
        reason = "login"
    except NotFoundError:
        reason = "missing"
    except (BaseError, OSError):
        reason = "no_answer"
    else:
        return
    raise LedgerError("store.unavailable", place=shown, reason=lookup(f"store.reason.{reason}"))
