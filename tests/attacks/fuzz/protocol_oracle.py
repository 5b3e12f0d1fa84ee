"""When may what two children said be ``passed``? The rules once more, slowly, on plain JSON.

Shares no code with the host: it reads the bytes with ``json`` alone, and knows what a pass needs
from lists of its own. It may be stricter than the host only where no honest child goes.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pks_kit.verification.examination import Examination

FIRST = re.compile(r"ready(,signed)?(,partial){0,5}(,stored)?,report")
SECOND = re.compile(r"ready(,signed)?,added(,changes)?(,pictures)?")
"""Names of the lines of children that may pass; who says ``memory`` may not."""

OF_FILE = {
    "file.size within file", "file.type pdf file", "file.end clean file",
    "file.encrypted plain file", "file.structure sound file", "file.pages within file",
    "file.decompression within file", "content.active none file",
    "content.attachments expected file",
}  # fmt: skip
OF_WORDS = {"content.concealed none visual"}
"""Of the second child."""

OF_AGREEMENT = {"content.pages same file", "parties.order right cryptographic"}
OF_ITS_WORDS = {"content.numbers printed visual"}
WORDS = {
    "content.concealed", "content.numbers", "paper.original", "policy.colour", "policy.form",
    "policy.resolution", "signature.appearance",
}  # fmt: skip
"""What the second child alone answers."""

WORD_NOTES = {"cropped", "draft_mark", "white_over_words"}
OF_SIGNATURE = {
    "signature.integrity": {"intact"},
    "signature.coverage": {"entire_file", "entire_revision"},
    "signature.changes": {"none", "lta_updates", "form_filling"},
    "signature.trust": {"given", "pinned", "test"},
    "signature.time": {"proven"},
}
OF_STAMP = {
    "meterai.serial": {"agrees", "reason_only"},
    "meterai.genuine": {"genuine", "test"},
}
STEPS = {
    "TTD_PIHAK_KESATU": "signature",
    "METERAI_PIHAK_KESATU": "meterai",
    "TTD_PIHAK_KEDUA": "signature",
    "METERAI_PIHAK_KEDUA": "meterai",
}
NEVER_SAID = re.compile(
    r"(bundle|render)\.|file\.(resources|answers)|issued\.(ledger|final)|signature\.revocation"
)
NOTES = {
    "clock_skew", "cropped", "draft_mark", "issued_not_compared", "links", "no_receipt",
    "open_places", "revocation_unknown", "sheets_beside", "stopped_early", "term_test",
    "white_over_words",
}  # fmt: skip


REPORT = {
    "agreement_id": None, "jenis": None, "compared_with_issued": False, "signatures": [],
    "revisions": [], "notes": [], "format": "pks-kit-verify/1",
}  # fmt: skip
SIGNATURE = {
    "place": "", "serial_number": "", "time": None, "intact": None, "coverage": "unknown",
    "modification": "unknown", "trusted": None, "test_authority": False, "revision": None,
}  # fmt: skip
FACT = {
    "is_timestamp": False, "could_look": False, "sound": False, "regular": False, "trusted": False,
    "pinned": False, "signer": "", "issuer": "", "serial": "", "time": None,
    "test_authority": False,
}  # fmt: skip
"""What a key means that is not there."""

LATE = timedelta(minutes=2)


@dataclass(frozen=True)
class Said:
    """What a child said, and how it ended."""

    output: bytes
    exit_code: int = 0
    late: bool = False


def may_pass(job: Examination, first: Said, second: Said) -> str:
    """Return why this may not pass; empty when it may.

    Args:
        job: What the children were asked.
        first: What the first child said, which makes the report.
        second: What the second one said, which reads the words.
    """
    told, more = _read(first), _read(second)
    for said, order, which in ((told, FIRST, "first"), (more, SECOND, "second")):
        if isinstance(said, str):
            return f"the {which}: {said}"
        if not order.fullmatch(",".join(name for name, _ in said)):
            return f"the {which}: its lines are not those of an examination"
    assert not isinstance(told, str)
    assert not isinstance(more, str)
    for name, partial in told:
        if name != "partial":
            continue
        if _of_another(job, _filled(partial)):
            return "it told of something else on the way"
        if any(check["status"] != "passed" for check in partial["checks"]):
            return "something was not in order on the way"
    one, other = dict(told), dict(more)
    facts = other.get("signed") if one.get("stored") else one.get("signed")
    report = _filled(one["report"])
    return (
        _of_another(job, report)
        or _not_whole(job, report)
        or _unread(job, other["added"])
        or _unproven(job, report, [FACT | fact for fact in facts or ()])
    )


def _read(said: Said) -> list[tuple[str, Any]] | str:
    """Return the lines by name, or why they count for nothing."""
    if said.exit_code or said.late:
        return "it did not end well"
    *lines, rest = said.output.split(b"\n")
    if rest:
        return "its words are cut off"
    read = []
    for line in lines:
        try:
            one = json.loads(line, parse_constant=_refused)
        except (ValueError, RecursionError):
            return "a line is no JSON"
        if not isinstance(one, dict) or len(one) != 1:
            return "a line is not one answer"
        read += one.items()
    return read


def _unread(job: Examination, added: dict[str, Any]) -> str:
    """Somebody read the words, and answered that and nothing else."""
    checks = added.get("checks", [])
    if any(one["status"] != "passed" for one in checks):
        return "not all words passed"
    if not {one["code"] for one in checks} <= WORDS:
        return "the second child answers what it is not asked"
    if not {one["code"] for one in added.get("notes", [])} <= WORD_NOTES:
        return "the second child notes what it is not asked"
    said = {f"{one['code']} {one['reason']} {one['evidence']}" for one in checks}
    wanted = OF_WORDS | (set() if _is_umum(job) else OF_ITS_WORDS)
    if wanted - said:
        return f"it lacks {wanted - said}"
    if not _is_umum(job) and not any(one.startswith("policy.form ") for one in said):
        return "it lacks the look at the sheets"
    return ""


def _is_umum(job: Examination) -> bool:
    return job.policy is not None and job.policy.kebijakan.nama == "umum"


def _unproven(job: Examination, report: dict[str, Any], facts: list[dict[str, Any]]) -> str:
    """Each signature is one that was proven before, nothing was kept back, nothing is behind."""
    left = [one for place, one in enumerate(facts) if one not in facts[:place]]
    by_place: dict[str, list[dict[str, Any]]] = {}
    ends = []
    for told in report["signatures"]:
        fits = [one for one in left if _is_proof(job, report, told, one)]
        if not fits:
            return "a signature is not borne out"
        left.remove(fits[0])
        ends.append(fits[0]["end"])
        by_place.setdefault(told["place"], []).append(fits[0])
    if any(one["could_look"] for one in left):
        return "a signature was kept back"
    for span in report["revisions"]:
        behind = span["end"] > max(ends) and span["start"] >= max(ends) - 2
        if behind and span["kind"] != "dss":
            return "something stands behind the last signature"
    return "" if _is_umum(job) else _out_of_order(job, by_place)


def _is_proof(
    job: Examination, report: dict[str, Any], told: dict[str, Any], fact: dict[str, Any]
) -> bool:
    spans = [one for one in report["revisions"] if one["number"] == told["revision"]]
    start, end = fact["start"], fact["end"]
    where = any(one["start"] <= start and one["start"] < end <= one["end"] for one in spans)
    good = all(fact[name] for name in ("could_look", "sound", "regular", "trusted", "time"))
    whose = [told.get(name, "") for name in ("signer", "issuer", "certificate_serial")]
    if not (where and good and whose == [fact["signer"], fact["issuer"], fact["serial"]]):
        return False
    if fact["is_timestamp"] != (told["kind"] == "timestamp") or told["time"] != fact["time"]:
        return False
    if datetime.fromisoformat(fact["time"]) > job.now + LATE:
        return False
    if fact["test_authority"] and not told["test_authority"]:
        return False
    if not re.search(rb"%%EOF[\r\n]*\Z", job.content[max(0, end - 16) : end]):
        return False
    if told["coverage"] == "entire_file" and end != len(job.content):
        return False
    stamps = "meterai" in fact["signer"].lower() and (fact["test_authority"] or fact["pinned"])
    return told["kind"] != "meterai" or stamps


def _out_of_order(job: Examination, by_place: dict[str, list[dict[str, Any]]]) -> str:
    steps = [by_place.get(place, []) for place in STEPS]
    if any(len(one) != 1 for one in steps):
        return "a step is not borne out"
    order = [(one[0]["end"], datetime.fromisoformat(one[0]["time"])) for one in steps]
    for numbers in zip(*order, strict=True):
        if list(numbers) != sorted(numbers):
            return "the steps are not in their order"
    printed = {one.name: one.nama for one in job.receipt.places} if job.receipt else {}
    for place, (fact,) in zip(STEPS, steps, strict=True):
        if STEPS[place] == "signature" and job.receipt:
            same = _letters(printed.get(place) or "?") == _letters(fact["signer"])
            if not same:
                return "somebody else signed"
    return ""


def _letters(name: str) -> str:
    """Return a name without titles; the honest files name everybody in one way."""
    plain = re.sub(r"^(dr|drg)\.\s*", "", name.partition(",")[0].strip(), flags=re.IGNORECASE)
    return re.sub(r"[^a-z]", "", plain.lower())


def _filled(report: dict[str, Any]) -> dict[str, Any]:
    whole = REPORT | report
    whole["file"] = {"pages": None} | whole["file"]
    whole["checks"] = [{"params": {}} | one for one in whole["checks"]]
    whole["signatures"] = [SIGNATURE | one for one in whole["signatures"]]
    return whole


def _refused(word: str) -> None:
    raise ValueError(word)


def _of_another(job: Examination, report: dict[str, Any]) -> str:
    known = job.issued is not None or (job.receipt is not None and job.receipt.issued is not None)
    right = {
        "kit_version": job.kit_version,
        "compared_with_issued": known,
        "format": "pks-kit-verify/1",
    }
    if any(report.get(name) != value for name, value in right.items()):
        return "it is about another job"
    if report["compared_with_issued"] is not known or "bundle" in report:
        return "it is about another job"
    file = report["file"]
    if (file["sha256"], file["size"]) != (
        hashlib.sha256(job.content).hexdigest(),
        len(job.content),
    ):
        return "it is about another file"
    if job.receipt and report["agreement_id"] not in (None, "", job.receipt.agreement_id):
        return "it is about another agreement"
    if job.policy and report["jenis"] != job.policy.kebijakan.nama:
        return "it is about another kind"
    by_receipt = f"pks_final_{job.receipt.profile}" if job.receipt and not job.policy else ""
    if by_receipt and report["jenis"] not in (None, "", by_receipt):
        return "it is about another kind"
    if any(note["code"] not in NOTES for note in report["notes"]):
        return "it notes what it cannot know"
    return ""


def _not_whole(job: Examination, report: dict[str, Any]) -> str:
    checks, signatures = report["checks"], report["signatures"]
    if any(one["status"] != "passed" for one in checks):
        return "not everything passed"
    if any(NEVER_SAID.match(one["code"]) for one in checks):
        return "it answers for the host"
    if any(one["code"] in WORDS for one in checks):
        return "it answers for the second child"
    said = {f"{one['code']} {one['reason']} {one['evidence']}" for one in checks}
    codes = {one["code"] for one in checks}
    if OF_FILE - said or not report["file"]["pages"]:
        return f"it lacks {OF_FILE - said}"
    known = report["compared_with_issued"]
    if known and "issued.prefix same file" not in said:
        return "the issued bytes were not compared"
    if not known and codes & {"issued.prefix", "issued.revisions"}:
        return "nothing was issued"
    revisions = "issued.revisions" if known else "file.revisions"
    if not {f"{revisions} expected file", f"{revisions} none file"} & said:
        return "the revisions were not judged"
    spans = [(one["start"], one["end"]) for one in report["revisions"]]
    edges = [0, *(end for _, end in spans)]
    if not spans or [start for start, _ in spans] != edges[:-1] or edges[-1] != len(job.content):
        return "the revisions are not the file"
    if job.receipt and "issued.agreement same file" not in said:
        return "the receipts were not compared"
    return _signatures(signatures, checks, codes) or _policy(job, report, said)


def _signatures(signatures: list[Any], checks: list[Any], codes: set[str]) -> str:
    fields = [one["field"] for one in signatures]
    if not fields or len(set(fields)) != len(fields):
        return "nobody signed, or a field twice"
    for one in signatures:
        wanted = OF_SIGNATURE | (OF_STAMP if one["kind"] == "meterai" else {})
        for code, reasons in wanted.items():
            answers = {
                check["reason"]
                for check in checks
                if check["code"] == code and check.get("field") == one["field"]
            }
            if not answers or answers - reasons:
                return f"{code} of a signature is not answered"
        if one["intact"] is not True or one["trusted"] is not True or one["time"] is None:
            return "a signature says other things than its checks"
        if one["coverage"] not in OF_SIGNATURE["signature.coverage"]:
            return "a signature covers a part"
        if one["modification"] not in OF_SIGNATURE["signature.changes"]:
            return "something was changed"
        if one["revision"] is None:
            return "a signature is in no revision"
        if one["kind"] == "meterai" and one["serial_number"] and "meterai.unique" not in codes:
            return "a meterai may be there twice"
    return ""


def _policy(job: Examination, report: dict[str, Any], said: set[str]) -> str:
    if _is_umum(job):
        return ""
    if report["jenis"] != "pks_final_elektronik":
        return "files of this kind never pass"
    if not report["agreement_id"]:
        return "there is no agreement"
    if not {"issued.agreement same file", "issued.receipt embedded file"} & said:
        return "there is no receipt"
    if OF_AGREEMENT - said:
        return f"it lacks {OF_AGREEMENT - said}"
    for place, kind in STEPS.items():
        fields = [
            (one["field"], one["kind"]) for one in report["signatures"] if one["place"] == place
        ]
        if len(fields) != 1 or fields[0][1] != kind:
            return "a step was not done once"
        field = fields[0][0]
        if not any(
            check["code"] == "parties.present"
            and check["params"].get("place") == place
            and check.get("field") == field
            for check in report["checks"]
        ):
            return "a step is not answered"
        if kind == "signature" and not any(
            check["code"] == "parties.person" and check.get("field") == field
            for check in report["checks"]
        ):
            return "a person is not answered"
    if any(one["kind"] == "meterai" and not one["place"] for one in report["signatures"]):
        return "a meterai is at no place"
    binds = not any(one["test_authority"] for one in report["signatures"])
    judged = any(one.startswith("parties.term ") for one in said)
    return "the term was not judged" if binds and not judged else ""
