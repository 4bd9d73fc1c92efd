"""Where a reader can open a notebook without installing anything: Binder and Colab."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from threadbook.notebooks.repository import Repository

BINDER = "https://mybinder.org/v2"
COLAB = "https://colab.research.google.com"
BINDER_HOSTS = {"github.com": "gh", "gitlab.com": "gl"}


@dataclass(frozen=True)
class Launch:
    """A service that runs notebooks, and the address at which it opens this one."""

    name: str
    address: str


def list_launches(repository: Repository | None, notebook: str) -> list[Launch]:
    """Return the services that can open `notebook`; none for a book that nobody can fetch.

    Binder takes repositories on GitHub and GitLab, Colab those on GitHub.
    """
    if repository is None:
        return []
    place, branch = quote(repository.file(notebook)), quote(repository.branch)
    launches = []
    if provider := BINDER_HOSTS.get(repository.host):
        # On GitLab a repository may lie in groups of groups: its path is one quoted word.
        path = quote(repository.path, safe="/" if provider == "gh" else "")
        address = f"{BINDER}/{provider}/{path}/{branch}?urlpath=lab/tree/{place}"
        launches.append(Launch("Binder", address))
    if repository.host == "github.com":
        address = f"{COLAB}/github/{repository.path}/blob/{branch}/{place}"
        launches.append(Launch("Colab", address))
    return launches
