"""`upload`: upload the site to the place that `publish` names in `status.yml`."""

import argparse
import os

from tasks.project import Project
from tasks.upload import upload_site
from verbs.terminal.printing import conclude, quantify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `upload`: none of its own."""
    del parser


def run(args: argparse.Namespace) -> int:
    """Upload the site as the last build left it."""
    project = Project(args.root, args.code, args.now)
    stored = upload_site(project, os.environ)
    place = project.config.publish.to if project.config.publish else ""
    conclude(args, f"{place}: {quantify(stored.written, 'file')} written, {stored.deleted} deleted")
    return 0
