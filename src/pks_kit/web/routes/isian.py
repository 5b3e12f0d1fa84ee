"""Data that are being filled in: kept at every change, and never over a change of others."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header
from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.web.bodies import After, Key, Most, PathId
from pks_kit.web.bodies_verbs import FormBody
from pks_kit.web.operation import Asked, Operation
from pks_kit.web.routes.common import answer, problems
from pks_kit.web.scope import Act
from pks_kit.web.state import forms
from pks_kit.web.state.forms import FormDraft
from pks_kit.web.state.ids import new_id
from pks_kit.web.views_lists import DraftForm, DraftsForm, draft_form

IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        pattern=r'^"[0-9]{1,9}"$',
        description="ETag of the data that the change starts from",
    ),
]


async def isian_mulai(call: Asked, body: FormBody, idempotency_key: Key) -> Response:
    """Begin to fill in data."""
    now = call.portal.now()
    form = FormDraft(
        id=new_id(now),
        area=call.portal.home_of(call.reach),
        isi=body.isi,
        versi=1,
        oleh=call.person.subject,
        dibuat=now,
        diubah=now,
    )
    await call.portal.write(forms.add, form)
    where = str(call.request.url_for("isian_satu", id=form.id).path)
    return answer(draft_form(form), 201, {"Location": where, "ETag": _tag(form)})


async def isian_satu(call: Asked, id: PathId) -> Response:
    """Return data that are being filled in; their ETag goes into If-Match of a change."""
    form = await call.portal.read(forms.find, id, call.reach)
    if form is None:
        raise UsageError("web.unknown")
    return answer(draft_form(form), 200, {"ETag": _tag(form)})


async def isian(call: Asked, setelah: After = "", batas: Most = 50) -> Response:
    """Return data that are being filled in, those begun last first."""
    found = await call.portal.read(forms.listed, call.reach, before=setelah, most=batas + 1)
    shown = found[:batas]
    after = shown[-1].id if len(found) > batas else None
    return answer(DraftsForm(daftar=tuple(map(draft_form, shown)), berikutnya=after))


async def isian_ubah(call: Asked, id: PathId, body: FormBody, if_match: IfMatch) -> Response:
    """Replace data, unless somebody else changed them meanwhile."""
    form = await call.portal.write(
        forms.change,
        id,
        call.reach,
        body.isi,
        versi=int(if_match.strip('"')),
        oleh=call.person.subject,
        now=call.portal.now(),
    )
    return answer(draft_form(form), 200, {"ETag": _tag(form)})


async def isian_buang(call: Asked, id: PathId) -> Response:
    """Throw data away."""
    if not await call.portal.write(forms.remove, id, call.reach):
        raise UsageError("web.unknown")
    return Response(status_code=204)


def _tag(form: FormDraft) -> str:
    return f'"{form.versi}"'


_TAGS = {"tags": ["isian"]}
OPERATIONS = (
    Operation(
        method="POST",
        path="/isian",
        endpoint=isian_mulai,
        act=Act.FILL,
        creates=True,
        told={
            "status_code": 201,
            "response_model": DraftForm,
            "responses": problems(409, 413, 422),
            **_TAGS,
        },
    ),
    Operation(
        method="GET",
        path="/isian",
        endpoint=isian,
        act=Act.FILL,
        told={"response_model": DraftsForm, "responses": problems(), **_TAGS},
    ),
    Operation(
        method="GET",
        path="/isian/{id}",
        endpoint=isian_satu,
        act=Act.FILL,
        target="id",
        told={"response_model": DraftForm, "responses": problems(404), **_TAGS},
    ),
    Operation(
        method="PUT",
        path="/isian/{id}",
        endpoint=isian_ubah,
        act=Act.FILL,
        target="id",
        told={
            "response_model": DraftForm,
            "responses": problems(404, 412, 413, 422),
            **_TAGS,
        },
    ),
    Operation(
        method="DELETE",
        path="/isian/{id}",
        endpoint=isian_buang,
        act=Act.FILL,
        target="id",
        told={"status_code": 204, "response_class": Response, "responses": problems(404), **_TAGS},
    ),
)
