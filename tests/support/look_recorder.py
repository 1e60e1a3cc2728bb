"""A listener that records every call during a round of checks."""

from collections.abc import Sequence

from constat.model import Sample


class LookRecorder:
    """Keeps everything that a listener of a look is told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.troubles: list[str] = []
        self.register_lines = 0
        self.rounds: list[str] = []
        self.samples: list[Sample] = []

    def warn(self, line: str) -> None:
        self.warnings.append(line)

    def report_trouble(self, line: str) -> None:
        self.troubles.append(line)

    def report_register_lines(self, count: int) -> None:
        self.register_lines += count

    def begin_round(self, expected: int) -> None:
        self.rounds.append(f"{expected} begin")

    def report_samples(self, samples: Sequence[Sample]) -> None:
        self.samples += samples

    def end_round(self) -> None:
        self.rounds.append("end")
