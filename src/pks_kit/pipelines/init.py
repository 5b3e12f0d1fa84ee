"""Sample data to start from."""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.files import NamedFile
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.resources import addendum_samples, contract_samples, settings_sample


@dataclass(frozen=True, slots=True, kw_only=True)
class InitRequest(Request):
    """Nothing is asked; all samples are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitResult:
    """The sample contract data, addenda, and settings for signing.

    Attributes:
        files: Contract data first, settings last, each by name.
    """

    files: tuple[NamedFile, ...]


@verb
def init(request: InitRequest) -> InitResult:
    """Return the sample contract data, all of it rekaan.

    Raises:
        UsageError: ``setup.no_data``, ``request.type``.
    """
    del request  # there is nothing to choose
    sources = (*contract_samples(), *addendum_samples(), settings_sample())
    return InitResult(files=tuple(NamedFile(one.name, one.read_bytes()) for one in sources))


init_async = in_background(init)
