"""Three browsers behind one small port: what a person does, and what they must never say.

Chromium and WebKitGTK are asked over WebDriver, Firefox over Marionette, which it has built in:
Debian has no driver beside it. Controls are found by the words that a person reads.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service as ChromeService
from selenium.webdriver.webkitgtk.options import Options as WebKitOptions
from selenium.webdriver.webkitgtk.service import Service as WebKitService

from support.portal_server import free_port

PATIENCE = 90.0
"""Seconds; a busy machine is slow, and no fault."""

NEEDED = {
    "chromium": {"chromium": "chromium", "chromedriver": "chromium-driver"},
    "firefox": {"firefox-esr": "firefox-esr"},
    "webkit": {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"},
}
"""Engine -> command that it needs -> Debian package that has it."""

_MINI_BROWSERS = "usr/lib/*/webkit2gtk-4.*/MiniBrowser"
_GONE = "The page is not there yet."


class Window:
    """One window of a browser.

    Args:
        driver: What steers it: Selenium's, or Marionette; both have the same words for most.
        said: Returns what the browser complained of so far.
        errors: Raised by the driver, besides Selenium's.
    """

    def __init__(
        self, driver: Any, said: Callable[[], list[str]], *errors: type[Exception]
    ) -> None:
        self._driver = driver
        self._said = said
        self._errors = (WebDriverException, *errors)
        self._is_marionette = hasattr(driver, "navigate")

    def open(self, address: str) -> None:
        """Load a page."""
        (self._driver.navigate if self._is_marionette else self._driver.get)(address)

    def reload(self) -> None:
        """Load the page again."""
        self._driver.refresh()

    @property
    def address(self) -> str:
        """Where it is."""
        found: str = self._driver.get_url() if self._is_marionette else self._driver.current_url
        return found

    def click(self, words: str) -> None:
        """Click the link or button with these words, as soon as it is there.

        A page that is left while it is looked at is no fault.
        """
        controls = "//*[self::a or self::button or self::summary]"
        places = f"//main{controls}", f"//header{controls}"
        paths = [f"{one}[{fits}]" for fits in _fits(words) for one in places]
        self._until(lambda: self._first(paths).click() or True, words)

    def tick(self, words: str) -> None:
        """Tick the box with these words."""
        self._until(lambda: self._labelled(words).click() or True, words)

    def fill(self, label: str, text: str) -> None:
        """Write something into a field instead of what stands there, and leave it."""

        def filled() -> bool:
            field = self._labelled(label)
            field.clear()
            field.send_keys(text + "\ue004")
            return True

        self._until(filled, label)

    def choose(self, label: str, file: Path) -> None:
        """Choose a file for a field."""
        self._until(lambda: self._labelled(label).send_keys(str(file)) or True, label)

    def value(self, label: str) -> str:
        """Return what stands in a field."""
        found: list[str] = []

        def read() -> bool:
            found.append(self._labelled(label).get_property("value"))
            return True

        self._until(read, label)
        return found[-1]

    def text(self, selector: str = "main") -> str:
        """Return the words of a part of the page; empty while it is not there."""
        try:
            found: str = self._driver.find_element("css selector", selector).text
        except self._errors:
            return ""
        return found

    def shows(self, words: str, selector: str = "main", *, again: bool = False) -> None:
        """Wait until a part of the page holds these words.

        Args:
            words: The words.
            selector: The part.
            again: Whether to load the page again until then, as whoever has no script does.
        """
        self._comes(lambda: words in self.text(selector), words, again=again)

    def leads_to(self, pattern: str, *, again: bool = False) -> None:
        """Wait until the address fits a pattern."""
        self._comes(lambda: bool(re.search(pattern, self.address)), pattern, again=again)

    def _comes(self, there: Callable[[], bool], what: str, *, again: bool) -> None:
        def done() -> bool:
            if there():
                return True
            if again:
                time.sleep(0.5)
                self.reload()
            return False

        self._until(done, what)

    def picture_width(self) -> int:
        """Return how wide the first picture of the page is, once it has come."""
        found: list[int] = []

        def loaded() -> bool:
            picture = self._driver.find_element("css selector", "main img")
            found.append(int(picture.get_property("naturalWidth")))
            return found[-1] > 0

        self._until(loaded, "img")
        return found[-1]

    @property
    def language(self) -> str:
        """Language of the page."""
        found: str = self._driver.find_element("css selector", "html").get_attribute("lang")
        return found

    def cookie(self, name: str) -> str:
        """Return a cookie, also one that no script may read."""
        found: str = self._driver.get_cookie(name)["value"]
        return found

    def take_cookie(self, name: str, value: str) -> None:
        """Take a cookie over from another window, for the site that is open."""
        self._driver.add_cookie({"name": name, "value": value, "path": "/"})

    def complaints(self) -> list[str]:
        """Return what the browser complained of."""
        return self._said()

    def _first(self, paths: list[str]) -> Any:
        for path in paths:
            for one in self._driver.find_elements("xpath", path):
                if one.is_displayed():
                    return one
        raise WebDriverException(_GONE)

    def _labelled(self, words: str) -> Any:
        label = self._first([f"//label[{fits}]" for fits in _fits(words)])
        return self._driver.find_element("id", label.get_attribute("for"))

    def _until(self, done: Callable[[], Any], what: str) -> None:
        ends, last = time.monotonic() + PATIENCE, None
        while time.monotonic() < ends:
            try:
                if done():
                    return
            except self._errors as error:
                last = error
            time.sleep(0.1)
        raise AssertionError(f"«{what}» at {self.address}: {last}\n{self.text('body')[:2000]}")


def _fits(words: str) -> tuple[str, str]:
    """Return what picks an element by its words: those alone, else those among others."""
    return f"normalize-space(.)='{words}'", f"contains(normalize-space(.), '{words}')"


@contextmanager
def engine(name: str, folder: Path, *, script: bool = True) -> Iterator[Window]:
    """Open a window of an engine, which must be installed.

    Args:
        name: ``chromium``, ``firefox`` or ``webkit``.
        folder: An empty folder for profile and log.
        script: Whether pages may run scripts.
    """
    missing = [pack for command, pack in NEEDED[name].items() if shutil.which(command) is None]
    assert not missing, f"{name} is not there: apt-get install {' '.join(missing)} (make test does)"
    with ExitStack() as stack:
        yield {"chromium": _chromium, "firefox": _firefox, "webkit": _webkit}[name](
            stack, folder, script
        )


def _chromium(stack: ExitStack, folder: Path, script: bool) -> Window:
    options = webdriver.ChromeOptions()
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={folder}/profil")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    prefs: dict[str, Any] = {"intl.accept_languages": "id"}
    if not script:
        prefs["profile.managed_default_content_settings.javascript"] = 2
    options.add_experimental_option("prefs", prefs)
    driver = webdriver.Chrome(options, ChromeService(shutil.which("chromedriver")))
    stack.callback(driver.quit)
    said: list[str] = []

    def complaints() -> list[str]:
        said.extend(f"{one['level']}: {one['message']}" for one in driver.get_log("browser"))
        return said

    return Window(driver, complaints)


def _firefox(stack: ExitStack, folder: Path, script: bool) -> Window:
    prefs = {
        "intl.accept_languages": "id",
        "javascript.enabled": script,
        "datareporting.policy.dataSubmissionEnabled": False,
    }
    with warnings.catch_warnings(action="ignore"):  # old modules, and sockets left to themselves
        from marionette_driver.errors import MarionetteException
        from marionette_driver.marionette import Marionette

        driver = Marionette(
            bin=shutil.which("firefox-esr"), headless=True, port=free_port(), prefs=prefs,
            gecko_log=str(folder / "firefox.log"), workspace=str(folder),
        )  # fmt: skip
    stack.callback(driver.cleanup)
    driver.start_session()
    stack.callback(driver.quit)

    def complaints() -> list[str]:
        with driver.using_context("chrome"):
            found: list[str] = driver.execute_script(_FIREFOX_SAID)
        return found

    return Window(driver, complaints, MarionetteException)


_FIREFOX_SAID = """
const all = Services.console.getMessageArray();
return all.filter((one) => one instanceof Ci.nsIScriptError && /^https?:/.test(one.sourceName))
  .map((one) => `${one.category}: ${one.errorMessage}`);
"""


def _webkit(stack: ExitStack, folder: Path, script: bool) -> Window:
    stream = stack.enter_context((folder / "webkit.log").open("w"))
    screen = _screen(stack, stream)
    options = WebKitOptions()
    options.binary_location = str(next(Path("/").glob(_MINI_BROWSERS)))
    options.add_argument("--automation")
    if not script:
        options.add_argument("--enable-javascript-markup=false")
    environment = {
        **os.environ,
        "DISPLAY": screen,
        "GDK_BACKEND": "x11",
        "LANGUAGE": "id",
        "LANG": "C.UTF-8",
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    service = WebKitService(shutil.which("WebKitWebDriver"), log_output=stream, env=environment)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        driver = webdriver.WebKitGTK(options=options, service=service)
    stack.callback(driver.quit)
    return Window(driver, list)  # steered by a program, it keeps its console to itself


def _screen(stack: ExitStack, log: Any) -> str:
    """Start a screen that nobody sees, and return its name."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=[writing], stderr=log,
    )  # fmt: skip
    os.close(writing)

    def ended() -> None:
        process.terminate()
        process.wait()

    stack.callback(ended)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    assert number, "Xvfb did not start"
    return f":{number}"
