"""Starting the app: a Streamlit server of its own process, bound to this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from kb.documents import SOURCES_VARIABLE
from kb.errors import InputError, Problem
from kb.place import Place

ENTRY = Path(__file__).resolve().parent / "ui" / "main.py"
ADDRESS = "127.0.0.1"
OPTIONS = {
    "server.address": ADDRESS,
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "type",
    "client.showErrorLinks": "false",
    "theme.baseRadius": "8px",
    "theme.light.primaryColor": "#0B5CE6",
    "theme.light.backgroundColor": "#FFFFFF",
    "theme.light.secondaryBackgroundColor": "#F4F5F7",
    "theme.light.textColor": "#1F2430",
    "theme.dark.primaryColor": "#3D9BF7",
    "theme.dark.backgroundColor": "#0E1117",
    "theme.dark.secondaryBackgroundColor": "#1A1F2A",
    "theme.dark.textColor": "#E8EAEE",
}
"""The same as .streamlit/config.toml, which is read only in the folder of the project."""


def command(port: int) -> list[str]:
    """Return the command that starts the app."""
    options = [f"--{name}={value}" for name, value in OPTIONS.items()]
    return [sys.executable, "-m", "streamlit", "run", str(ENTRY), f"--server.port={port}", *options]


def serve_app(place: Place, port: int, sparql_port: int | None = None) -> None:
    """Serve the app until it is interrupted, and beside it a SPARQL endpoint if that is given a port.

    Raises `InputError` if Streamlit is missing or there is no data.
    """
    if find_spec("streamlit") is None:
        raise InputError([Problem("kb serve", 0, "needs Streamlit", "python -m pip install 'claims-kb[app]'")])
    environment = os.environ | {"KB_DATA": str(place.data.resolve())}
    if place.sources is not None:
        environment[SOURCES_VARIABLE] = str(place.sources.resolve())
    sys.stderr.write(f"Serving {place.data} at http://{ADDRESS}:{port} (Ctrl-C ends it)\n")
    sys.stderr.flush()
    beside = None
    if sparql_port is not None:
        own = [sys.executable, "-m", "kb.cli", "sparql", "--port", str(sparql_port)]
        beside = subprocess.Popen(own, env=environment)  # noqa: S603
    try:
        status = subprocess.run(command(port), env=environment, check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return
    finally:
        if beside is not None:
            beside.terminate()
            beside.wait()
    if status:
        raise InputError(
            [Problem(f"port {port}", 0, "the server ended", "is the port taken? Name another with --port")]
        )
