"""All checks of contract data, in the order a reader expects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date

from pks_kit.domain.kontrak import Kontrak
from pks_kit.rules.checks.accounts import check_account_kind, check_decree_date, check_reserve
from pks_kit.rules.checks.ambulans import check_ambulans
from pks_kit.rules.checks.cons_id import check_cons_id
from pks_kit.rules.checks.documents import check_documents, check_mandatory
from pks_kit.rules.checks.facility import check_care, check_licence, check_ownership
from pks_kit.rules.checks.jejaring import check_jejaring, check_jejaring_once
from pks_kit.rules.checks.licences import check_licences
from pks_kit.rules.checks.nik import check_age, check_nik, check_same_nik
from pks_kit.rules.checks.numbers import check_letter_numbers, check_mobile, check_npwp
from pks_kit.rules.checks.offer import check_kepwil, check_kind, check_method, check_name
from pks_kit.rules.checks.poli import check_poli
from pks_kit.rules.checks.quotes import check_quotes
from pks_kit.rules.checks.schedule import check_opening_hours, check_schedule
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.checks.signatory import check_signatory
from pks_kit.rules.checks.signing_methods import check_tanda_tangan
from pks_kit.rules.checks.staff import check_keys, check_midwives, check_staff, check_usg
from pks_kit.rules.checks.term import check_inner_dates, check_signing_day, check_term
from pks_kit.rules.findings import ORDER, Finding
from pks_kit.rules.law.parameters import load_parameters

CHECKS: tuple[Callable[[CheckScope], Iterator[Finding]], ...] = (
    check_kind,
    check_method,
    check_kepwil,
    check_name,
    check_quotes,
    check_tanda_tangan,
    check_term,
    check_signing_day,
    check_inner_dates,
    check_signatory,
    check_letter_numbers,
    check_npwp,
    check_mobile,
    check_care,
    check_licence,
    check_ownership,
    check_reserve,
    check_account_kind,
    check_decree_date,
    check_mandatory,
    check_documents,
    check_keys,
    check_same_nik,
    check_nik,
    check_age,
    check_staff,
    check_midwives,
    check_usg,
    check_licences,
    check_opening_hours,
    check_poli,
    check_schedule,
    check_jejaring,
    check_jejaring_once,
    check_ambulans,
    check_cons_id,
)
"""Every check, in the order of the agreement: who and what, dates, numbers, facility, people."""


def check_kontrak(
    kontrak: Kontrak,
    as_of: date,
    *,
    daftar_jenis_tersedia: Collection[str] | None = None,
    daftar_cara_tersedia: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """Return all findings, the gravest first, otherwise in the order of the checks.

    Args:
        kontrak: Contract data of the right shape.
        as_of: Day for which is checked: decides the parameters in force and what ends soon. A draft
            uses the start of the term.
        daftar_jenis_tersedia: Kinds that the template version offers; None: not checked.
        daftar_cara_tersedia: Contract methods that are offered; None: not checked.

    Raises:
        NotInForceError: ``rules.not_in_force`` when a limit has no value on ``as_of``.
    """
    scope = CheckScope(
        kontrak=kontrak,
        as_of=as_of,
        aturan=load_parameters().resolve_all(as_of),
        jenis_tersedia=_as_set(daftar_jenis_tersedia),
        cara_tersedia=_as_set(daftar_cara_tersedia),
    )
    found = (finding for check in CHECKS for finding in check(scope))
    return tuple(sorted(found, key=lambda finding: ORDER[finding.level]))


def _as_set(values: Collection[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)
