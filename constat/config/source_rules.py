"""Rules between the section `sources`, the checks that they make, and the secrets that they are sent."""

from collections.abc import Collection, Iterator, Mapping

from constat.config.fields.text_fields import find_secret_names
from constat.config.problem_log import ProblemLog, refuse_equal_keys
from constat.config.secret_hosts import refuse_other_hosts
from constat.config.sections import ParsedCheck, Source
from constat.model import GLOBALPING
from constat.text.host_names import read_url_host
from constat.text.suggest import did_you_mean

_DECIDED = {
    "interval": "it looks as often as its every: says",
    "timeout": "it decides how long a look may take",
    "confirm": "it decides what it confirms",
}
"""The keys of a check that its source decides, each with what decides it instead."""


def check_sources(
    log: ProblemLog, sources: Collection[Source], secrets: Mapping[str, tuple[str, ...]]
) -> None:
    """Note every problem of the sources, and of the secrets that they are sent."""
    refuse_equal_keys(log, ("sources",), "id")
    for number, source in enumerate(sources):
        path = ("sources", number)
        if source.id == GLOBALPING:
            message = f"via: {GLOBALPING} stands for Globalping's probes"
            log.wrong((*path, "id"), message, "give the source another id")
        if source.bearer and source.basic:
            log.wrong((*path, "basic"), "both basic and bearer", "sign in one way")
        if "authorization" in map(str.lower, source.headers) and (source.basic or source.bearer):
            log.wrong(
                (*path, "headers"), "the header Authorization beside basic or bearer", "sign in one way"
            )
        names = sorted(set(_list_secrets(source)))
        if names and not (source.url.startswith("https:") or source.unencrypted):
            hint = "write https://, or unencrypted: true"
            log.wrong((*path, "url"), "a secret would travel unencrypted", hint)
        refuse_other_hosts(log, path, names, read_url_host(source.url), secrets)


def check_via(log: ProblemLog, parsed: ParsedCheck, sources: Collection[str]) -> None:
    """Note an unknown source, and keys and secrets that a source would ignore."""
    via = parsed.check.via
    if via is None:
        return
    if via not in sources:
        hint = did_you_mean(via, sources, otherwise="describe it under sources")
        log.wrong((*parsed.path, "via"), f"no source {via}", hint)
    for key, why in _DECIDED.items():
        if log.document.value_at((*parsed.path, key)) is not None:
            message = f"{key} of a check that the source {via} makes"
            log.wrong((*parsed.path, key), message, f"take it out: {why}", at_key=True)
    for name in sorted({use.name for use in parsed.secret_uses}):
        message = f"the secret {name} in a check that the source {via} makes"
        log.wrong(parsed.path, message, "take it out: no secret is sent there")


def _list_secrets(source: Source) -> Iterator[str]:
    basic = (source.basic.username, source.basic.password) if source.basic else ()
    for text in (source.bearer, *basic, *source.headers.values()):
        yield from find_secret_names(text or "")
