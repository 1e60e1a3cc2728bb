"""An SMS gateway made with the npm package smpp."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.required_programs import needs, needs_npm

SYSTEM_ID, PASSWORD = "monitor", "hunter22"


@contextmanager
def run_smpp_gateway(state: str = "DELIVRD", certificate: tuple[str, str] | None = None) -> Iterator[int]:
    """Run a gateway whose receipts say `state` (`FULL`: it accepts no message); its port.

    `certificate`: files of the chain and the key, for TLS.
    """
    modules = needs_npm("smpp").parent
    script = Path(__file__).with_name("smpp_gateway.js")
    files = [certificate[1], certificate[0]] if certificate else []
    command = [needs("node", "nodejs"), str(script), SYSTEM_ID, PASSWORD, state, *files]
    environment = {"PATH": os.environ["PATH"], "NODE_PATH": str(modules)}
    with subprocess.Popen(  # noqa: S603 (our own script)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield int(process.stdout.readline())
        process.stdin.close()
        process.wait(10)
