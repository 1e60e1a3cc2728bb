"""Print the steps of a long task on the terminal, each in place of the one before."""

import sys
import time


class StepPrinter:
    """Prints the step of a long task on a terminal, in place of the one before; nothing elsewhere."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._is_drawn = False

    def tell(self, step: str) -> None:
        """Print a step, if the task takes longer than a second."""
        if sys.stderr.isatty() and time.monotonic() - self._began > 1:
            print(f"\r\033[K{step}", end="", file=sys.stderr, flush=True)
            self._is_drawn = True

    def end(self) -> None:
        """Erase the step from the terminal."""
        if self._is_drawn:
            print("\r\033[K", end="", file=sys.stderr)
            self._is_drawn = False
