"""Names of signature fields: text, or the form cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import enumerate_sig_fields

from pks_kit.json_form import to_json
from support import tamper
from support.judging import judge
from support.tamperings import specimens


@pytest.mark.parametrize("above", [False, True])
def test_name_that_is_no_text_is_never_described(above: bool) -> None:
    """pyHanko would put its description of the object into the field's name."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        (_, _, reference), *_ = enumerate_sig_fields(writer, filled_status=True)
        field: Any = reference.get_object()
        odd = generic.DictionaryObject({"/NIK": generic.pdf_string("3171010101010001")})
        if above:
            parent = generic.DictionaryObject(
                {"/T": odd, "/Kids": generic.ArrayObject([reference])}
            )
            field["/Parent"] = writer.add_object(parent)
            fields = writer.root["/AcroForm"]["/Fields"]
            fields[fields.index(reference)] = field["/Parent"]
            writer.update_container(fields)
        else:
            field["/T"] = odd
        writer.update_container(field)

    report = judge(tamper.appended(specimens.small().done, change))
    assert report.verdict == "failed"
    assert "3171" not in json.dumps(to_json(report))
