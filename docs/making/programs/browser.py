"""Chromium without a window: open a page, and keep what it shows."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from docs.making.programs.terminal import BIN, environment

__all__ = ["browser", "jupyter", "page_of", "shot", "wait"]

_SECONDS = 180  # for one thing to appear, on a busy machine


@contextlib.contextmanager
def browser(width: int) -> Iterator[Any]:
    """Start a browser of this width, in which nothing moves and nothing is fetched from the net."""
    from selenium import webdriver

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for flag in (
            *("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "hide-scrollbars", "no-first-run"),
            *("disable-background-networking", "disable-component-update", "disable-sync", "no-proxy-server"),
            "host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            f"window-size={width},900",
            f"user-data-dir={profile}",
        ):
            options.add_argument(f"--{flag}")
        driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
        try:
            yield driver
        finally:
            driver.quit()


def wait(condition: Callable[[], Any]) -> Any:
    """Return what a condition gives as soon as it gives something."""
    from selenium.common.exceptions import WebDriverException

    end = time.monotonic() + _SECONDS
    while True:
        with contextlib.suppress(WebDriverException):
            found = condition()
            if found:
                return found
        if time.monotonic() > end:
            raise TimeoutError(condition)
        time.sleep(0.2)


def shot(driver: Any, width: int, height: int | None = None) -> bytes:
    """Return the page as PNG, whole or its first `height` pixels."""
    tall = height or driver.execute_script("return Math.ceil(document.body.getBoundingClientRect().bottom) + 16")
    size = {"width": width, "height": tall, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    time.sleep(1)
    return driver.get_screenshot_as_png()


def page_of(body: str, style: str, width: int, height: int | None = None) -> bytes:
    """Return a page of HTML as PNG."""
    with tempfile.TemporaryDirectory() as folder, browser(width) as driver:
        page = Path(folder) / "page.html"
        page.write_text(f"<!doctype html><meta charset=utf-8><style>{style}</style>{body}", "utf-8")
        driver.get(page.as_uri())
        return shot(driver, width, height)


@contextlib.contextmanager
def jupyter(folder: Path, driver: Any) -> Iterator[str]:
    """Serve a folder by JupyterLab, log the browser in, and yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, address = secrets.token_hex(), f"http://127.0.0.1:{port}"
    own = folder.parent / "jupyter"
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "IPYTHONDIR")
    places = dict.fromkeys(names, str(own))
    quiet = own / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}')  # else it asks, in front of the notebook
    command = [BIN / "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    with (folder.parent / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"],
            cwd=folder,
            env=environment() | places,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait(lambda: driver.get(f"{address}/api?token={token}") is None)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()
