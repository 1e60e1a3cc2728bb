"""Reads a repository of Upptime: the folder of a clone, a bundle, or an address that is cloned for it."""

from collections import defaultdict
from pathlib import Path

from constat.errors import UsageError
from constat.interval import format_instant
from constat.moving.model import Finding, Moved, ReadRequest
from constat.moving.upptime.moving_upptime import Repository, move_upptime
from constat.moving.upptime.site_config import CONFIG, parse_site_config
from constat.moving.upptime.site_history import FOLDER, DatedConfig, SiteHistory, find_slug
from constat.moving.upptime.versions import (
    CommittedFile,
    VersionError,
    compile_message,
    read_version,
    speaks_of_look,
)
from outside.moving.git_history import GitHistory
from outside.moving.repository import clone, is_repository

LARGEST_VERSION = 64 << 10
LARGEST_CONFIG = 1 << 20
LARGEST_SUMMARY = 16 << 20
_PROGRESS_EVERY = 5_000


def read(request: ReadRequest) -> Moved:
    """Read a repository of Upptime with its whole history.

    Raises:
        UsageError: the place holds no repository, or not one of Upptime.
        OutsideError: git failed.

    """
    place = Path(request.place)
    if (place / ".git").exists():
        return _read_repository(place, request)
    if not is_repository(request.place):
        tip = "give a clone of the repository, a bundle (git bundle create), or its address"
        raise UsageError(f"{request.place} is not a git repository", tip=tip)
    request.tell(f"cloning {request.place}")
    with clone(request.place, request.environment, history=True, bare=True) as folder:
        return _read_repository(folder, request)


def _read_repository(folder: Path, request: ReadRequest) -> Moved:
    git = GitHistory(folder, request.environment)
    tip = git.find_tip(CONFIG)
    mainline = git.list_mainline(tip)
    request.tell(f"{len(mainline):,} commits on its main line")
    configs = _read_configs(git, tip, mainline)
    history = SiteHistory(configs)
    _read_looks(git, tip, mainline, history, request)
    history.match_sites()
    summary = dict(git.read_blobs([f"{tip}:{FOLDER}summary.json"], LARGEST_SUMMARY))
    cut = Finding(
        "git",
        "a shallow clone: its history is cut off",
        "clone it completely, and import again: older samples are missing",
    )
    broken = [
        Finding(
            f"{CONFIG} of {format_instant(since)}", config.faults[0], "the version before it stays in force"
        )
        for since, config in configs
        if not config.readable
    ]
    findings = (*([cut] if git.is_shallow else []), *broken)
    return move_upptime(Repository(tip, history, next(iter(summary.values()), None) or b"", findings))


def _read_configs(git: GitHistory, tip: str, mainline: frozenset[bytes]) -> list[DatedConfig]:
    """Read every version of the configuration that was in force, oldest first."""
    changes = [
        change
        for change in git.list_changes(tip, [CONFIG])
        if change.path == CONFIG and bytes.fromhex(change.commit) in mainline
    ]
    changes.reverse()
    wanted = list(dict.fromkeys(change.blob.hex() for change in changes if change.blob))
    texts = dict(git.read_blobs(wanted, LARGEST_CONFIG))
    return [
        DatedConfig(
            change.committed,
            parse_site_config((texts.get(change.blob.hex()) or b"").decode("utf-8-sig", "replace")),
        )
        for change in changes
    ]


def _read_looks(
    git: GitHistory, tip: str, mainline: frozenset[bytes], history: SiteHistory, request: ReadRequest
) -> None:
    """Fill the history from every version of every file."""
    messages = {config.message for _, config in history.configs}
    patterns = [pattern for message in sorted(messages) if (pattern := compile_message(message))]
    by_blob: defaultdict[bytes, list[CommittedFile]] = defaultdict(list)
    for change in git.list_changes(tip, [FOLDER]):
        slug = find_slug(change.path)
        if not slug:
            continue
        is_main = bytes.fromhex(change.commit) in mainline
        if change.blob:
            speaks = speaks_of_look(change.subject, patterns)
            by_blob[change.blob].append(
                CommittedFile(slug, change.blob, change.committed, mainline=is_main, speaks=speaks)
            )
        elif is_main:
            history.get(slug).ends.append(change.committed)
    names = [blob.hex() for blob in by_blob]
    for number, (name, data) in enumerate(git.read_blobs(names, LARGEST_VERSION), start=1):
        for file in by_blob.pop(bytes.fromhex(name)):
            _take(history, file, data)
        if number % _PROGRESS_EVERY == 0:
            request.tell(f"{number:,} of {len(names):,} versions read")


def _take(history: SiteHistory, file: CommittedFile, data: bytes | None) -> None:
    site = history.get(file.path)
    if data is None:
        site.unreadable["missing, or larger than 64 KiB"] += 1
        return
    try:
        version, url = read_version(data.decode("utf-8-sig", "replace"))
    except VersionError as error:
        site.unreadable[str(error)] += 1
    else:
        site.add(file, version, url)
