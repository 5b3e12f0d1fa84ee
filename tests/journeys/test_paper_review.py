"""A person with a real browser: keys, buttons, the ledger, the offline file, a narrow window."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from pks_kit.ledger import kinds
from pks_kit.ledger.store import SqlLedger, open_ledger
from pks_kit.net.loopback import LoopbackPage
from pks_kit.verification.report.paper_html import LivePage
from support import browser as real
from support import paper_reviews as reviews
from support import paper_samples as paper
from support.browser import DOWN, ENTER, ESCAPE, UP, Browser
from support.paper_reviews import ADDED, EMPTY, VALUE, desk, key_of
from support.processes import environment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not real.INSTALLED, reason="chromedriver is not installed"),
]
NOW = "return (document.querySelector('.row.now') || {dataset: {}}).dataset.item"
ANSWER = "return document.querySelector('.row.now .answer').textContent"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as one:
        yield one


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path / "buku.sqlite") as opened:
        yield opened


@contextmanager
def served(ledger: SqlLedger, oleh: str) -> Iterator[LoopbackPage]:
    """The page of a person, served as the command does."""
    work = desk(ledger, oleh)
    with LoopbackPage() as page:
        live = LivePage(token=page.token, by=work.oleh)
        made = (lambda: work.review.page("id", live).content, lambda one: work.answer(one, "id"))
        thread = Thread(target=page.serve, args=made)
        thread.start()
        try:
            yield page
        finally:
            page.stop()
            thread.join()


def decisions(ledger: SqlLedger) -> list[tuple[str, str, str]]:
    return [
        (str(one.isi["place"]), str(one.isi["decision"]), str(one.isi["by"]))
        for one in ledger.events(jenis=kinds.PAPER_DECIDED)
    ]


def until(browser: Browser, script: str) -> None:
    for _ in range(100):
        if browser.run(script):
            return
        time.sleep(0.05)
    raise AssertionError(script)


def test_keys_decide_and_move_on(browser: Browser, ledger: SqlLedger) -> None:
    with served(ledger, "Siti Rahma") as page:
        browser.open(page.address)
        assert browser.run("return location.pathname").count("/") == 2
        assert browser.run(NOW) == "sheet_2"
        browser.keys("2")  # no problem: a reason first
        until(browser, "return document.activeElement.name === 'reason'")
        assert "alasan" in browser.run(ANSWER)
        browser.keys(*"nota kantin 12", ENTER)
        until(browser, f"{NOW} === '{key_of(VALUE)}'")
        browser.keys("1")
        until(browser, f"{NOW} === '{key_of(ADDED)}'")
        waits = f"document.getElementById('hal-{key_of(VALUE)}')"
        assert browser.run(f"return {waits}.classList.contains('waits')")
        assert "orang kedua" in browser.run(f"return {waits}.querySelector('.answer').textContent")
        browser.keys("l")
        until(browser, "return document.getElementById('lembar').open")
        assert browser.run(
            "const b = document.querySelector('.box').getBoundingClientRect();"
            "const p = document.querySelector('.sheet-frame').getBoundingClientRect();"
            "return b.width > 8 && b.left > p.left && b.right < p.right && b.top > p.top"
        )
        browser.keys("1")  # no decision while the page is open
        browser.keys(ESCAPE)
        until(browser, "return !document.getElementById('lembar').open")
        browser.keys("2")
        until(browser, f"{NOW} === '{key_of(EMPTY)}'")
        browser.keys(UP)
        assert browser.run(NOW) == key_of(ADDED)
        browser.keys(DOWN)
        assert browser.run(NOW) == key_of(EMPTY)
        assert browser.log() == []
    assert decisions(ledger) == [
        ("sheet", "harmless", "Siti Rahma"), (key_of(VALUE), "same", "Siti Rahma"),
        (key_of(ADDED), "changed", "Siti Rahma"),
    ]  # fmt: skip


def test_buttons_do_the_same_and_what_was_decided_is_shown(
    browser: Browser, ledger: SqlLedger
) -> None:
    desk(ledger, "Siti Rahma").write([reviews.chosen(VALUE, "same"), reviews.chosen(ADDED, "same")])
    with served(ledger, "Budi Hartono") as page:
        browser.open(page.address)
        value = f"#hal-{key_of(VALUE)}"
        assert "Siti Rahma" in browser.run(f"return document.querySelector('{value}').innerText")
        settled = "return document.querySelector('#beres').contains(document.querySelector('#hal-"
        assert browser.run(f"{settled}{key_of(ADDED)}'))")
        browser.click(f"{value} [data-decision='same']")
        until(browser, f"return document.querySelector('{value}').classList.contains('done')")
        browser.run("return location.reload()")
        until(browser, f"return document.querySelector('#beres {value}') !== null")
        assert browser.log() == []
    assert decisions(ledger)[-1] == (key_of(VALUE), "same", "Budi Hartono")


def test_offline_decisions_are_saved_as_a_file(browser: Browser, tmp_path: Path) -> None:
    made = tmp_path / "periksa-kertas.html"
    made.write_bytes(reviews.listed().page("en").content)
    browser.open(made.as_uri())
    assert browser.run("return document.documentElement.lang") == "en"
    assert browser.run("return document.getElementById('simpan').disabled")
    browser.keys("1", "1", "1")
    browser.click("#simpan")
    saved = browser.downloads / "keputusan-kertas.json"
    for _ in range(100):
        if saved.exists() and saved.read_bytes():
            break
        time.sleep(0.05)
    told = json.loads(saved.read_bytes())
    assert [(one["item"], one["decision"]) for one in told["choices"]] == [
        ("sheet_2", "again"), (key_of(VALUE), "same"), (key_of(ADDED), "same"),
    ]  # fmt: skip
    assert told["files"] == list(reviews.listed().facts.files)
    assert all(len(one["crop_sha256"]) == 64 for one in told["choices"])
    assert browser.log() == []


def test_nothing_of_a_scan_runs_and_nothing_is_fetched(browser: Browser, tmp_path: Path) -> None:
    made = tmp_path / "periksa-kertas.html"
    text = reviews.listed().page("id").content.decode()
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:|//)", text)
    made.write_text(
        text.replace(
            "</main>", "<script>window.bad = 1</script><img src=x onerror='bad = 2'></main>"
        ),
        encoding="utf-8",
    )
    browser.open(made.as_uri())
    assert browser.run("return window.bad") is None
    assert any("Content Security Policy" in one for one in browser.log())


def test_a_narrow_window_and_names_for_everything(browser: Browser, tmp_path: Path) -> None:
    made = tmp_path / "periksa-kertas.html"
    made.write_bytes(reviews.listed().page("id").content)
    browser.open(made.as_uri())
    for width in (360, 700, 1280):
        browser.resize(width, 800)
        wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert browser.run(wide) <= 1, width
    assert browser.run(
        "return [...document.querySelectorAll('main img, button, input')].filter(one => !("
        "one.alt || one.innerText || one.closest('label') || one.closest('[hidden], details')"
        ")).map(one => one.outerHTML.slice(0, 90))"
    ) == []  # fmt: skip
    high = "return document.getElementById('hal-%s').getBoundingClientRect().height"
    assert browser.run(high % key_of(ADDED)) < 240


def test_the_command_serves_writes_and_ends(tmp_path: Path) -> None:
    scan, note = reviews.files()
    for one in (scan, note):
        (tmp_path / one.name).write_bytes(one.content)
    (tmp_path / "terbit.pdf").write_bytes(paper.issue().pdf)
    with open_ledger(tmp_path / "buku.sqlite"):
        pass
    given = [scan.name, note.name, "--issued", "terbit.pdf", "--ledger", "buku.sqlite"]
    running = subprocess.Popen(
        [sys.executable, "-m", "pks_kit.cli.main", "paper", "review", *given,
         "--oleh", "Siti Rahma", "--no-browser"],
        cwd=tmp_path, env=environment() | {"PKS_KIT_LANG": "id"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout is not None
    address = re.search(r"http://\S+", running.stdout.readline())
    assert address is not None, running.communicate()
    with Browser() as browser:
        browser.open(address[0])
        browser.keys("1")
        until(browser, f"{NOW} === '{key_of(VALUE)}'")
    os.kill(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 30, err
    assert "Belum lengkap" in out
    assert "Traceback" not in err
    with open_ledger(tmp_path / "buku.sqlite") as ledger:
        assert decisions(ledger) == [("sheet", "again", "Siti Rahma")]
        (known,) = ledger.events(jenis=kinds.PERJANJIAN)
        assert known.isi["metode"] == "manual"
