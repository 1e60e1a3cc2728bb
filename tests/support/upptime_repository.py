"""Upptime repositories made by `git fast-import`, with histories that the real examples do not have."""

import os
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from constat.interval import Instant

CLEAN = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def format_version(
    at: Instant,
    status: str,
    *,
    code: int = 200,
    url: str = "https://a.example",
    old: bool = False,
) -> str:
    """Format a version of `history/<slug>.yml`; `old`: as Upptime wrote it at first, each line an item of a list."""
    moment = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.789Z")
    lines = [
        f"url: {url}",
        f"status: {status}",
        f"code: {code}",
        "responseTime: 120",
        f"lastUpdated: {moment}",
        "generator: Upptime <https://github.com/upptime/upptime>",
    ]
    return "".join(f"{'- ' if old else ''}{line}\n" for line in lines)


@dataclass(slots=True)
class Upptime:
    """A repository in the making; `mark` is the newest commit of the branch main."""

    stream: list[str] = field(default_factory=list)
    marks: int = 0

    def commit(
        self,
        at: Instant,
        subject: str,
        files: dict[str, str | None],
        *,
        parents: tuple[int, ...] | None = None,
        branch: str = "main",
    ) -> int:
        """Add a commit that writes files, or removes those that are `None`; its mark."""
        self.marks += 1
        said = subject.encode()
        self.stream.append(
            f"commit refs/heads/{branch}\nmark :{self.marks}\n"
            f"committer Upptime <upptime@example.org> {at} +0200\ndata {len(said)}\n{subject}\n"
        )
        if parents:
            self.stream.append(f"from :{parents[0]}\n" + "".join(f"merge :{one}\n" for one in parents[1:]))
        for path, text in files.items():
            if text is None:
                self.stream.append(f"D {path}\n")
            else:
                self.stream.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
        return self.marks

    def look(self, slug: str, at: Instant, status: str, **more: object) -> int:
        """Add the commit of a look at a site, as Upptime writes it."""
        code = 200 if status == "up" else 0
        subject = f"🟩 {slug} is {status} ({code} in 120 ms) [skip ci] [upptime]"
        text = format_version(at, status, code=code, **more)  # type: ignore[arg-type]
        return self.commit(at + 2, subject, {f"history/{slug}.yml": text})

    def write(self, folder: Path) -> Path:
        """Write the repository."""
        subprocess.run(  # noqa: S603
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(folder)],  # noqa: S607
            check=True,
            env=CLEAN,
        )
        subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), "fast-import", "--quiet", "--force"],  # noqa: S607
            input="".join(self.stream).encode(),
            check=True,
            env=CLEAN,
        )
        return folder
