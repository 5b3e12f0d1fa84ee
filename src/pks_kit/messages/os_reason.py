"""Why the system refused a file, in words of both languages, and what to do about just that."""

from __future__ import annotations

import errno

from pks_kit.messages import Message, lookup

_KIND = {
    errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EFBIG: "limit", errno.EROFS: "read_only",
    errno.EACCES: "denied", errno.EPERM: "denied", errno.EISDIR: "folder",
    errno.EEXIST: "exists", errno.ENOTDIR: "no_folder",
    errno.ENOENT: "missing", errno.ENAMETOOLONG: "long_name",
    errno.ELOOP: "loop", errno.EMFILE: "descriptors", errno.ENFILE: "descriptors",
    errno.EIO: "device", errno.ENOMEM: "memory", errno.EBUSY: "busy", errno.ETXTBSY: "busy",
    errno.EINVAL: "name", errno.EILSEQ: "name", errno.ENXIO: "device", errno.ENODEV: "device",
}  # fmt: skip


def os_reason(error: Exception) -> Message:
    """Return what the system said, with what to do about it as the hint.

    Args:
        error: The error; a ``RuntimeError`` is a loop of links, up to Python 3.12.
    """
    number = getattr(error, "errno", None)
    if isinstance(error, RuntimeError):
        number = errno.ELOOP
    kind = _KIND.get(number or 0)
    if kind is not None:
        return lookup(f"os.{kind}")
    name = errno.errorcode.get(number or 0)
    return lookup("os.unknown") if name is None else lookup("os.other").fill({"name": name})


def told_by_system(error: Exception) -> dict[str, Message]:
    """Return the parameters of a message about a file: ``reason``, and ``advice`` for its hint."""
    reason = os_reason(error)
    return {"reason": reason, "advice": Message(reason.hint_id, reason.hint_en)}
