"""A real browser for tests: headless Chromium, asked over WebDriver by plain HTTP."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

INSTALLED = shutil.which("chromedriver") is not None
ESCAPE, ENTER, DOWN, UP = "\ue00c", "\ue007", "\ue015", "\ue013"
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


class Browser:
    """One window; use it in ``with``."""

    def __init__(self, width: int = 1280, height: int = 900) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True
        )
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            if "successfully on port" in line:
                self._port = int(line.rpartition("port")[2].strip(" .\n"))
                break
        options = {
            "args": [*_FLAGS, f"--user-data-dir={self._folder.name}/profil",
                     f"--window-size={width},{height}"],
            "prefs": {"download.default_directory": self._folder.name},
        }  # fmt: skip
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        made = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{made['sessionId']}"

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._ask("DELETE", self._session)
        finally:
            self._driver.terminate()
            self._driver.communicate()
            self._folder.cleanup()

    @property
    def downloads(self) -> Path:
        """Where downloads land."""
        return Path(self._folder.name)

    def open(self, address: str) -> None:
        """Load a page."""
        self._ask("POST", f"{self._session}/url", {"url": address})

    def run(self, script: str) -> Any:
        """Run a script as a function body and return what it returns."""
        body = {"script": script, "args": []}
        return self._ask("POST", f"{self._session}/execute/sync", body)

    def keys(self, *keys: str) -> None:
        """Press keys one after another, wherever the focus is."""
        pressed = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        acts = {"actions": [{"type": "key", "id": "k", "actions": pressed}]}
        self._ask("POST", f"{self._session}/actions", acts)

    def click(self, selector: str) -> None:
        """Click the first element that fits, as a person does."""
        found = self._ask(
            "POST", f"{self._session}/element", {"using": "css selector", "value": selector}
        )
        (name,) = found.values()
        self._ask("POST", f"{self._session}/element/{name}/click", {})

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self._ask("POST", f"{self._session}/window/rect", {"width": width, "height": height})

    def log(self) -> list[str]:
        """What the browser complained of since the last time."""
        said = self._ask("POST", f"{self._session}/se/log", {"type": "browser"})
        return [one["message"] for one in said]

    def picture(self) -> bytes:
        """PNG of the window."""
        return base64.b64decode(self._ask("GET", f"{self._session}/screenshot"))

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self._port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=60) as told:  # noqa: S310
            return json.load(told)["value"]
