"""``docs/kecepatan.md``: the last kept run as a page."""

from __future__ import annotations

from bars import Run, table

_HEAD = """\
# Speed: what one agreement costs

Made by `make bench N=100 KEEP=1` from its last kept run (`docs/kecepatan.json`); do not edit. CPU
seconds, user and system, children included, in the median: seconds on the wall say nothing on a
shared machine, and figures of two machines are never compared.
"""

_HOW = """\
## How it is measured

* The facilities are invented (`tests/support/facilities.py`): all kinds and methods, 5 to 50
  staff, up to 10 members of the network, every fourth with names a line longer. No agreement is
  done twice, and the first two of each kind and method, and the first two of each peer, are
  left out.
* Three warm processes take turns: our worker, which drafts, signs, stamps, writes its ledger
  events (SQLite, durable) and verifies; a worker that never saw the files, for verification
  without the issued bytes; the peers. Ours reads what `template compile` kept and finds its
  ledger made, as a worker of a batch does. A ratio compares the same agreement where both did it,
  else the median of the peer. Peers do one structure, klinik pratama rawat inap; they are given
  what prepares them: HTML, Typst sources, the DOCX template and loaded keys are not measured,
  nor is making sandbox keys.
* The peers do less: WeasyPrint, LibreOffice and Typst write pages without fields, codes,
  attachments and self-check (Typst without tags, with its memo warm and a file per bagian);
  `sign_pdf` signs and checks nothing; pyHanko's validation knows no issued file, no places and
  no meterai; `pdfsig` compares nothing and trusts nobody.
* The whole signing step is `sign` from file to file: state read, box drawn, signed with a
  sandbox timestamp, the result checked. Both sides ask one authority, a process of its own
  whose work counts for neither.
* A guarded child is a child of the fork server; the kernel tells its time in hundredths of a
  second, so one verification is known to about 0.02 s, their median better.
* Cold commands are processes of their own. Small files have one empty page.
"""


def page(run: Run) -> str:
    """Return the page of a run."""
    named = run["machine"]
    kept = "with kept compiles" if run["kept_compile"] else "this version keeps no compile"
    peak = run["peak_mib"]
    lines = (
        _HEAD,
        f"Run of {run['day']}, seed {run['seed']}: {run['measured']} agreements measured, "
        f"{run['agreements']} drafted in the worker, {kept}. Peak memory {peak['worker']:.0f} MiB, "
        f"its largest child {peak['child']:.0f} MiB.\n",
        f"Machine: {named['processor']}, {named['cores']} cores, {named['memory']}, "
        f"{named['system']}; load {named['load']}. Python {named['python']}; {named['libraries']}; "
        f"{named['programs']}.\n",
        "## Bars and figures\n",
        "A figure below 1 of another program is written as a fraction.\n",
        table(run),
        "",
        _HOW.rstrip(),
    )
    return "\n".join(lines) + "\n"
