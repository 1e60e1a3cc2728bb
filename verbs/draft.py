"""`draft`: begin a notice where the checks saw an outage that lasts (`draft_incident`)."""

import argparse
import os

from outside.branch.drafts import DraftBranches
from outside.hosts.registry import find_host
from tasks.evidence_branch import open_branch
from tasks.outage_draft import Surroundings, draft_notices
from tasks.project import Project
from verbs.terminal.printing import conclude


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `draft`: none of its own, only a longer description."""
    parser.description = (
        "propose a notice of each outage that lasts, as a draft pull request (or merge request) that a person publishes;"
        " renew it when more services fall or it ends; withdraw it when it was short (draft_incident in status.yml)"
    )


def run(args: argparse.Namespace) -> int:
    """Draft notices that are due, and print what was done."""
    branch = open_branch(Project(args.root, args.code, args.now), os.environ, None)
    around = Surroundings(
        DraftBranches(branch.checkout),
        lambda: find_host(os.environ),
        lambda: branch.job.dispatch("publish", {}),
    )
    done = draft_notices(branch.project, around)
    for line in done:
        print(line)
    if branch.project.config.draft_incident is None:
        conclude(args, "status.yml has no draft_incident, so nothing is drafted")
    else:
        conclude(args, "done" if done else "nothing to draft")
    return 0
