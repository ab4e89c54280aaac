"""A headless Chromium for tests, spoken to in the WebDriver protocol: JSON over HTTP."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
_OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars"
).split()
KEYS = {"tab": "\ue004", "enter": "\ue007", "escape": "\ue00c", "up": "\ue013", "down": "\ue015", "right": "\ue014"}


class Browser:
    """One window."""

    def __init__(self, url: str, session: str) -> None:
        self.base = f"{url}/session/{session}"

    def _ask(self, path: str, body: Any = None) -> Any:
        return _ask(f"{self.base}/{path}", body)

    def open(self, path: Path) -> None:
        self._ask("url", {"url": path.as_uri()})

    def run(self, script: str, *args: Any) -> Any:
        """Run a script in the page; return what it returns."""
        return self._ask("execute/sync", {"script": script, "args": list(args)})

    def size(self, width: int, height: int) -> None:
        self._ask("window/rect", {"width": width, "height": height})

    def emulate(self, scheme: str) -> None:
        """Let the page see a light or dark scheme."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        command = {"cmd": "Emulation.setEmulatedMedia", "params": {"features": features}}
        self._ask("goog/cdp/execute", command)

    def _element(self, selector: str) -> Any:
        return self._ask("element", {"using": "css selector", "value": selector})

    def hover(self, selector: str) -> None:
        self._pointer(selector, [])

    def click(self, selector: str) -> None:
        self._pointer(selector, [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}])

    def _pointer(self, selector: str, then: list[Any]) -> None:
        move = {"type": "pointerMove", "duration": 0, "origin": self._element(selector), "x": 0, "y": 0}
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [move, *then]}
        self._ask("actions", {"actions": [pointer]})

    def press(self, *keys: str) -> None:
        actions = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self._ask("actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._ask("screenshot")))

    def log(self) -> list[str]:
        """Return what the page complained of."""
        return [entry["message"] for entry in self._ask("se/log", {"type": "browser"})]


def _ask(url: str, body: Any = None, method: str | None = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            return json.loads(answer.read())["value"]
    except urllib.error.HTTPError as error:
        with error:
            raise RuntimeError(error.read().decode()[:500]) from None


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """Start a browser with an empty profile, and end it."""
    assert CHROMIUM and DRIVER
    with (profile.parent / "driver.log").open("w+") as log:
        process = subprocess.Popen([DRIVER, "--port=0"], stdout=log, stderr=log)
        try:
            port = _port(profile.parent / "driver.log")
            options = {"binary": CHROMIUM, "args": [*_OPTIONS, f"--user-data-dir={profile}"]}
            wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            url = f"http://127.0.0.1:{port}"
            session = _ask(f"{url}/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
            yield Browser(url, session)
            _ask(f"{url}/session/{session}", method="DELETE")
        finally:
            process.terminate()
            process.wait(30)


def _port(log: Path) -> str:
    for _ in range(300):
        found = re.search(r"started successfully on port (\d+)", log.read_text())
        if found:
            return found[1]
        time.sleep(0.1)
    raise RuntimeError(f"chromedriver does not start: {log.read_text()}")
