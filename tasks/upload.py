"""Upload the site to the store that `publish` names."""

from collections.abc import Mapping

from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.errors import OutsideError, UsageError
from constat.model.stores import find_store
from outside.site.publishing import MARKER
from outside.stores.registry import Consignment, Stored, load_store
from tasks.project import Project
from tasks.store_access import open_store_access


def upload_site(project: Project, environment: Mapping[str, str]) -> Stored:
    """Upload `site/`, as the last build left it, to its store.

    Raises:
        UsageError: `status.yml` names no store, or there is no site yet.
        OutsideError: the store did not take it, or its password is not set.

    """
    publish, site = project.config.publish, project.root / "site"
    store = find_store(publish.to) if publish else None
    if publish is None or store is None:
        raise UsageError("status.yml names no store", tip="write publish: {to: ...}")
    if not (site / MARKER).is_file():
        raise UsageError(f"{site} is not a site", tip="build it: constat build")
    secrets = Secrets.of(project.config.secrets, environment)
    try:
        password, bucket = open_store_access(publish, publish.to, secrets, environment)
        sent = Consignment(site, publish.to, project.root, password, project.now, bucket)
        return load_store(store).take(sent)
    except (OutsideError, Trouble) as error:
        raise OutsideError(secrets.redact(str(error)), tip=getattr(error, "tip", "")) from error
