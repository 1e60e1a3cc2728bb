"""The summary of a watch, computed from the evidence and shown on its job's page."""

from constat.availability import compute_figures
from constat.interval import DAY_S, Interval
from constat.maintainers.job_summary import ServiceSummary, Watch, format_watch
from outside.github import Job
from tasks.project import Project
from tasks.silent_vantages import find_silent_vantages


def append_watch_summary(job: Job, project: Project, watch: Watch) -> None:
    """Append the summary of a watch that has just ended, if the job takes summaries.

    Raises:
        OutsideError: the evidence cannot be read, or the summary cannot be written.

    """
    if job.summary:
        services = _summarise_services(project.at(watch.span.end), watch.span)
        silent = find_silent_vantages(project.at(watch.span.end))
        job.append_summary(format_watch(watch, services, silent))


def _summarise_services(project: Project, span: Interval) -> list[ServiceSummary]:
    """Summarise each service over the watch, and over the 24 hours before its end."""
    now = project.now
    day = Interval(now - DAY_S, now)
    window = Interval(min(span.start, day.start), now + 1)
    register = project.effective_register(())
    accounts = (project.account(service, window, register) for service in project.service_ids)
    return [
        ServiceSummary(compute_figures(account, span, now), compute_figures(account, day, now))
        for account in accounts
    ]
