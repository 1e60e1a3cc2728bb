"""Upload the site to the store that `publish` names."""

from collections.abc import Mapping

from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.errors import OutsideError, UsageError
from constat.model.settings import Publish
from constat.model.stores import find_host, find_store
from outside.site.publishing import MARKER
from outside.stores.registry import Bucket, Consignment, Stored, load_store
from tasks.project import Project


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
        raise UsageError(f"{site} is no site", tip="build it: constat build")
    secrets = Secrets.of(project.config.secrets, environment)
    try:
        host = find_host(publish.to, publish.endpoint, publish.region)
        password = secrets.fill(publish.password, host)
        bucket = _find_bucket(publish, secrets.fill(publish.user, host), password, environment)
        sent = Consignment(site, publish.to, project.root, password, project.now, bucket)
        return load_store(store).take(sent)
    except (OutsideError, Trouble) as error:
        raise OutsideError(secrets.redact(str(error)), tip=getattr(error, "tip", "")) from error


def _find_bucket(publish: Publish, key_id: str, key: str, environment: Mapping[str, str]) -> Bucket:
    """Return how a bucket is reached: with the key of `status.yml`, else with the key in the job's environment."""
    if key_id:
        return Bucket(publish.endpoint, publish.region, key_id, key)
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    return Bucket(publish.endpoint, publish.region, *(environment.get(name, "") for name in names))
