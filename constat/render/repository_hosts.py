"""The pages of hosts on which a maintainer makes or edits a file, by which a notice reaches the repository.

Whoever opens one is signed in there, or is asked to; the host makes the pull request where the branch is protected.

- GitHub fills in a new file from `/new/BRANCH?filename=PATH&value=TEXT`, the path counted from the top of the repository
  (https://github.com/isaacs/github/issues/1527). It answers 414 to an address that is too long
  (https://docs.github.com, "Using query parameters to create a pull request"), which begins at 8,192 bytes
  (https://github.com/cli/cli/issues/1575).
- GitLab does from `/-/new/BRANCH?file_name=PATH&content=TEXT` (its `app/views/projects/blob/_editor.html.haml` reads both).
- Gitea, and Forgejo which comes from it, from `/_new/BRANCH/?filename=PATH&value=TEXT`
  (https://github.com/go-gitea/gitea/pull/16556).

None of them adds to a file that exists: an update is pasted at the end of the file on the page that edits it. The limit
of GitHub, with room to spare, serves for all: the others usually stand behind nginx, which takes as much in a line
(`large_client_header_buffers`, 8k).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from constat.model import RepositoryHost

LONGEST_ADDRESS: Final = 8_000
"""Bytes of an address that every host takes."""


class Host(NamedTuple):
    """The software of a host: its name, and the paths of its pages behind the address of the repository."""

    name: str
    new: str
    edit: str


HOSTS: Final[Mapping[RepositoryHost, Host]] = {
    "github": Host("GitHub", "/new/{branch}?filename={path}&value={text}", "/edit/{branch}/{path}"),
    "gitlab": Host("GitLab", "/-/new/{branch}?file_name={path}&content={text}", "/-/edit/{branch}/{path}"),
    "forgejo": Host("Forgejo", "/_new/{branch}/?filename={path}&value={text}", "/_edit/{branch}/{path}"),
}
