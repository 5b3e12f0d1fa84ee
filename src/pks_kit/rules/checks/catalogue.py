"""All checks of contract data, in the order a reader expects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date

from pks_kit.domain.kontrak import Kontrak
from pks_kit.rules.checks.accounts import check_account_kind, check_decree_date, check_reserve
from pks_kit.rules.checks.ambulans import check_ambulans
from pks_kit.rules.checks.cons_id import check_cons_id
from pks_kit.rules.checks.coverage import check_coverage
from pks_kit.rules.checks.documents import check_documents, check_mandatory
from pks_kit.rules.checks.facility import check_care, check_licence, check_ownership
from pks_kit.rules.checks.jejaring import check_jejaring, check_jejaring_once
from pks_kit.rules.checks.licences import check_licences
from pks_kit.rules.checks.names import check_email, check_names
from pks_kit.rules.checks.nik import check_age, check_nik, check_same_nik
from pks_kit.rules.checks.numbers import check_letter_numbers, check_mobile, check_npwp
from pks_kit.rules.checks.offer import check_kepwil, check_kind, check_method, check_name
from pks_kit.rules.checks.owner import check_owner, check_owner_nik, check_power
from pks_kit.rules.checks.past_facts import check_past_facts
from pks_kit.rules.checks.plausible import check_plausible_days
from pks_kit.rules.checks.poli import check_poli
from pks_kit.rules.checks.quotes import check_quotes
from pks_kit.rules.checks.recredentialing import check_recredentialing
from pks_kit.rules.checks.schedule import check_opening_hours, check_schedule
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.checks.signatory import check_signatory
from pks_kit.rules.checks.signing_methods import check_prepared_fields, check_tanda_tangan
from pks_kit.rules.checks.staff import (
    check_deceased,
    check_keys,
    check_midwives,
    check_specialists,
    check_staff,
    check_usg,
)
from pks_kit.rules.checks.term import (
    check_inner_dates,
    check_known_values,
    check_signing_day,
    check_term,
)
from pks_kit.rules.findings import Finding, gravest_first
from pks_kit.rules.law.parameters import load_parameters

CHECKS: tuple[Callable[[CheckScope], Iterator[Finding]], ...] = (
    check_kind,
    check_method,
    check_kepwil,
    check_name,
    check_quotes,
    check_names,
    check_email,
    check_tanda_tangan,
    check_prepared_fields,
    check_term,
    check_known_values,
    check_signing_day,
    check_inner_dates,
    check_past_facts,
    check_plausible_days,
    check_signatory,
    check_owner,
    check_power,
    check_owner_nik,
    check_recredentialing,
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
    check_specialists,
    check_deceased,
    check_licences,
    check_opening_hours,
    check_poli,
    check_schedule,
    check_coverage,
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
    pihak_berlayanan: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """Return all findings, the gravest first, otherwise in the order of the checks.

    Args:
        kontrak: Contract data of the right shape.
        as_of: Day for which is checked: decides the parameters in force and what ends soon. A draft
            uses the start of the term.
        daftar_jenis_tersedia: Kinds that the template version offers; None: not checked.
        daftar_cara_tersedia: Contract methods that are offered; None: not checked.
        pihak_berlayanan: Parties whose signing service makes its field itself, as the settings
            say; None: no settings are known.

    Raises:
        NotInForceError: ``rules.not_in_force`` when a limit has no value on ``as_of``.
    """
    scope = CheckScope(
        kontrak=kontrak,
        as_of=as_of,
        aturan=load_parameters().resolve_all(as_of),
        jenis_tersedia=_as_set(daftar_jenis_tersedia),
        cara_tersedia=_as_set(daftar_cara_tersedia),
        berlayanan=_as_set(pihak_berlayanan),
    )
    return gravest_first(finding for check in CHECKS for finding in check(scope))


def _as_set(values: Collection[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)
