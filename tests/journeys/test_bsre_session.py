"""A whole agreement: the first party signs by a BSrE gateway, the second with a key.

What must hold whatever the gateway does: exactly one signature per place in the final file, the
chain of the ledger intact, and no secret in any file that a session leaves behind.
"""

from __future__ import annotations

import hashlib
import socket
import subprocess
from dataclasses import dataclass
from typing import Any

import pytest

from pks_kit.errors import SigningError, UnknownOutcomeError, UsageError
from pks_kit.json_form import to_json
from pks_kit.ledger import kinds
from pks_kit.pipelines.signing.session_request import PartyTools
from pks_kit.pki.anchors import read_anchors
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.step.state import read_state
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.parent import run_inline
from pks_kit.verification.limits import Limits
from support.bsre_gateway import P1, SECRETS, adapter, check_silent, make_gateway
from support.distributor import make_distributor
from support.scenario import STEPS, Scenario
from support.signing_world import KEPALA_CABANG, PIMPINAN, later, picture, sandbox_timestamps

pytestmark = pytest.mark.usefixtures("no_secret_in_a_log")


@dataclass
class GatewayScenario(Scenario):
    """A scenario whose first party signs by a gateway."""

    service: Any = None

    def tools(self, *roles: str) -> dict[str, PartyTools]:
        tools = super().tools(*roles)
        if "pihak_kesatu" in tools:
            tools["pihak_kesatu"] = PartyTools(service=self.service, meterai=self.distributor)
        return tools

    def state(self):
        profile = load_profile(signing_root(), "elektronik")
        return read_state(self.output.read_bytes(), self.issued.receipt, profile)

    def kinds(self) -> list[str]:
        return [one.jenis for one in self.events()]

    def check_finished(self) -> None:
        """Four steps done, each once; the books agree; no secret was left behind."""
        state = self.state()
        assert [(one.place.name, one.signer, one.trouble) for one in state.signatures] == [
            ("TTD_PIHAK_KESATU", KEPALA_CABANG, None),
            ("METERAI_PIHAK_KESATU", state.signatures[1].signer, None),
            ("TTD_PIHAK_KEDUA", PIMPINAN, None),
            ("METERAI_PIHAK_KEDUA", state.signatures[3].signer, None),
        ]
        events = self.events()
        finished = [one.isi["langkah"] for one in events if one.jenis == kinds.LANGKAH_SELESAI]
        assert tuple(finished) == STEPS
        assert events[-1].jenis == kinds.SELESAI
        self.check_books()
        for file in self.folder.rglob("*"):
            if file.is_file():
                content = file.read_bytes()
                assert not any(secret.encode() in content for secret in SECRETS), file


def new_gateway_scenario(blank, sandbox, folder, gateway, kind="v2", **settings) -> GatewayScenario:
    return GatewayScenario(
        issued=blank, sandbox=sandbox, folder=folder,
        distributor=make_distributor(sandbox, sandbox_timestamps(sandbox)),
        service=adapter(kind, gateway.url, **settings),
    )  # fmt: skip


@pytest.fixture
def quick_picture(monkeypatch):
    """The picture in the box is tested elsewhere and takes most of the time."""
    page = picture()
    monkeypatch.setattr("pks_kit.render.appearance.render_appearance", lambda *_: page)


@pytest.fixture
def scenario(blank, sandbox, tmp_path, gateway, quick_picture):
    return new_gateway_scenario(blank, sandbox, tmp_path, gateway)


def test_an_agreement_by_gateway_and_key(blank, sandbox, tmp_path, gateway):
    """With the real picture; poppler and the verifier of the kit agree."""
    scenario = new_gateway_scenario(blank, sandbox, tmp_path, gateway)
    result = scenario.run()
    assert tuple(one.step for one in result.done) == STEPS
    assert result.waiting == ()
    assert [one.skew_seconds for one in result.done] == [None] * 4
    scenario.check_finished()
    assert gateway.acts("sign") == ["signed"]
    said = subprocess.run(
        ["pdfsig", "-nocert", scenario.output], capture_output=True, text=True, check=False
    )
    assert said.stdout.count("Signature is Valid.") == 4
    job = Examination(
        content=scenario.output.read_bytes(), issued=blank.pdf, receipt=blank.receipt,
        anchors=tuple(read_anchors(sandbox.root_pem, "root.pem", {})),
        signing_root=signing_root(), now=later(60), kit_version="0", limits=Limits(),
    )  # fmt: skip
    report = run_inline(job).report
    failed = {one.code for one in report.checks if one.status == "failed"}
    assert failed == {"content.numbers"}  # the sample prints no numbers
    assert [one.kind for one in report.revisions] == [
        "base", "signature", "meterai", "signature", "meterai",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["v1", "segel"])
def test_the_other_gateways(kind, blank, sandbox, tmp_path, gateway, quick_picture):
    scenario = new_gateway_scenario(blank, sandbox, tmp_path, gateway, kind)
    assert scenario.run().waiting == ()
    scenario.check_finished()


def test_a_gateway_without_tls_stands_apart_in_the_result(
    blank, sandbox, tmp_path, gateway, quick_picture, monkeypatch
):
    """By a written exception alone; the gateway has a name in the network of the office."""
    real = socket.getaddrinfo

    def lookup(host, *more, **others):
        ours = host in ("gateway.contoh.test", b"gateway.contoh.test")
        return real("127.0.0.1" if ours else host, *more, **others)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    scenario = new_gateway_scenario(blank, sandbox, tmp_path, gateway)
    url = gateway.url.replace("127.0.0.1", "gateway.contoh.test")
    scenario.service = adapter("v2", url, limits={"may_go_plain": True})
    result = scenario.run()
    assert result.waiting == ()
    assert [one.service for one in result.without_tls] == [url]
    told = to_json(result)["without_tls"]
    assert [one["service"] for one in told] == [url]
    assert {"id", "en"} <= told[0]["message"].keys()
    with pytest.raises(UsageError) as caught:
        adapter("v2", url)
    assert caught.value.code == "service.without_tls"


@pytest.mark.parametrize(
    ("kind", "fault"), [("v2", "lost_answer"), ("v2", "bad_base64"), ("segel", "lost_answer")]
)
def test_a_lost_answer_after_the_act_resumes_with_one_signature(
    kind, fault, blank, sandbox, tmp_path, gateway, quick_picture
):
    """The gateway signed twice, on its own copies; the file holds one signature."""
    scenario = new_gateway_scenario(blank, sandbox, tmp_path, gateway, kind)
    gateway.fault("sign", fault)
    with pytest.raises(UnknownOutcomeError) as caught:
        scenario.run()
    check_silent(caught.value)
    assert not scenario.output.exists()
    assert gateway.acts("sign") == ["signed"], "not repeated by itself"
    assert scenario.kinds()[-1] == kinds.LANGKAH_TIDAK_PASTI
    assert scenario.run().waiting == ()
    scenario.check_finished()
    sent = [act.sent_sha256 for act in gateway.book if act.action == "sign"]
    assert sent == [hashlib.sha256(blank.pdf).hexdigest()] * 2, "from the last stored revision"


def test_version_1_resumes_by_itself_after_a_cut_answer(
    blank, sandbox, tmp_path, gateway, quick_picture
):
    """Here the lost result can be fetched, so nobody signs twice."""
    scenario = new_gateway_scenario(blank, sandbox, tmp_path, gateway, "v1")
    gateway.fault("sign", "cut")
    assert scenario.run().waiting == ()
    scenario.check_finished()
    assert gateway.acts("sign") == ["signed"]


@pytest.mark.parametrize("fault", ["rewrite", "two_signatures"])
def test_a_wrong_act_leaves_nothing_behind(fault, scenario, gateway):
    gateway.fault("sign", fault)
    with pytest.raises(SigningError) as caught:
        scenario.run()
    assert type(caught.value) is SigningError
    assert scenario.kinds()[-1] == kinds.LANGKAH_GAGAL
    assert not scenario.output.exists()
    assert scenario.run().waiting == ()
    scenario.check_finished()


def test_a_signer_who_may_not_sign_is_not_asked_to(scenario, gateway):
    gateway.people[0].status = "EXPIRED"
    with pytest.raises(SigningError) as caught:
        scenario.run()
    assert caught.value.code == "service.status.expired"
    assert gateway.acts("sign") == []
    gateway.people[0].status = "ISSUE"
    assert scenario.run().waiting == ()
    scenario.check_finished()


def test_a_failure_half_way_does_not_sign_again(scenario, gateway):
    """The signature of the gateway is kept while the distributor of meterai fails."""
    scenario.distributor.faults = ["no_sale", "lost_stamp"]
    for _ in range(2):
        with pytest.raises(SigningError):
            scenario.run()
    assert scenario.run().waiting == ()
    scenario.check_finished()
    assert gateway.acts("sign") == ["signed"]


def test_a_clock_that_differs_is_reported(blank, sandbox, expired, tmp_path, quick_picture):
    """Six minutes, as seen in the wild: the timestamp counts, the difference is shown."""
    with make_gateway(sandbox, expired) as gateway:
        gateway.timestamps = sandbox_timestamps(sandbox, later(-6))
        scenario = new_gateway_scenario(blank, sandbox, tmp_path, gateway)
        result = scenario.run("pihak_kesatu")
    assert result.done[0].step == STEPS[0]
    assert 360 <= result.done[0].skew_seconds <= 370
    assert scenario.state().filled[0] == P1
