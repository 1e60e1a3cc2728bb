"""The pages of repository hosts on which a maintainer creates or edits a file, which is how a notice reaches the repository.

The host asks maintainers to sign in, and makes a pull request where the branch is protected.

- GitHub fills in a new file from `/new/BRANCH?filename=PATH&value=TEXT`, the path counted from the top of the repository
  (https://github.com/isaacs/github/issues/1527). It answers 414 to an address that is too long
  (https://docs.github.com, "Using query parameters to create a pull request"), which begins at 8,192 bytes
  (https://github.com/cli/cli/issues/1575).
- GitLab does so from `/-/new/BRANCH?file_name=PATH&content=TEXT` (its `app/views/projects/blob/_editor.html.haml` reads both).
- Gitea, and its fork Forgejo, do so from `/_new/BRANCH/?filename=PATH&value=TEXT`
  (https://github.com/go-gitea/gitea/pull/16556).

None of them adds to a file that exists: an update is pasted at the end of the file on the page that edits it. The limit
of GitHub, with room to spare, serves for all: the others usually stand behind nginx, which takes as much in a line
(`large_client_header_buffers`, 8k).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from constat.model import RepositoryHost

LONGEST_ADDRESS: Final = 8_000
"""The most bytes of an address that every host accepts."""


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
