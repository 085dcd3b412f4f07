"""Which organisation a workspace belongs to: the list of tenants that are served, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.commands import Sender
from bot.corpus.knowledge import Knowledge
from bot.corpus.schema import Node
from bot.errors import SettingsError

FIELDS = ("platform", "tenant", "org", "channels", "departments", "enrol", "administrators")
ENROL = ("join", "install")


@dataclass(frozen=True, slots=True)
class Workspace:
    """One tenant of a platform.

    `org` answers everywhere but in `channels`, which name an organisation each; `departments` says in which
    channel of the same workspace a department reads what is referred to it. `enrol`: who begins the course without a
    word: whoever joins the workspace, whoever installs the bot. `administrators`: user ids that may see how the
    courses stand. `anonymous`: nobody is known there and nothing of a person is on record.
    """

    platform: str
    tenant: str
    org: str | None
    channels: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    enrol: tuple[str, ...] = ("join",)
    administrators: tuple[str, ...] = ()
    anonymous: bool = False

    def org_of(self, channel: str) -> str | None:
        """The organisation that answers in a channel."""
        return self.channels.get(channel, self.org)


class Directory:
    """The tenants that are served. A tenant that is not in it gets no answer."""

    def __init__(self, workspaces: Iterable[Workspace]) -> None:
        self._workspaces = {(one.platform, one.tenant): one for one in workspaces}

    def workspace(self, sender: Sender) -> Workspace | None:
        """The sender's workspace, None for a foreign one."""
        return self._workspaces.get((sender.platform, sender.tenant))

    def org(self, sender: Sender) -> str | None:
        """The organisation whose guideline answers this sender, None for a foreign one."""
        workspace = self.workspace(sender)
        return None if workspace is None else workspace.org_of(sender.channel)

    def tenants(self, platform: str) -> tuple[str, ...]:
        """The tenants served on a platform."""
        return tuple(tenant for named, tenant in self._workspaces if named == platform)


def load_workspaces(path: Path, knowledge: Knowledge) -> tuple[Workspace, ...]:
    """The workspaces file: a list of mappings with the fields of `Workspace`.

    Raises DataError where a line is wrong, an organisation unknown or a tenant listed twice.
    """
    found: dict[tuple[str, str], Workspace] = {}
    for node in Node.load(path).each():
        workspace = _workspace(node, knowledge)
        if (workspace.platform, workspace.tenant) in found:
            node.need("tenant").fail(f"「{workspace.tenant}」は二度書かれています。", "this tenant is listed twice.")
        found[workspace.platform, workspace.tenant] = workspace
    return tuple(found.values())


def page_workspace(knowledge: Knowledge) -> Workspace:
    """The local page as a workspace: its channels are the organisations, for everybody may choose."""
    return Workspace("web", "web", None, {org: org for org in knowledge.ids}, anonymous=True)


def _workspace(node: Node, knowledge: Knowledge) -> Workspace:
    node.only(*FIELDS)
    org = _known(node.need("org"), knowledge)
    channels, departments = node.get("channels"), node.get("departments")
    enrol = node.get("enrol")
    names = {one.name for one in knowledge.organization(org).departments}
    for name, place in departments.items() if departments else ():
        if name not in names:
            place.fail(
                f"「{name}」という担当課は {org} にありません（{'、'.join(sorted(names))}）。",
                f"{org} has no such department.",
            )
    return Workspace(
        node.need("platform").one_of(("slack", "teams")),
        node.need("tenant").text(),
        org,
        {channel: _known(named, knowledge) for channel, named in channels.items()} if channels else {},
        {name: place.text() for name, place in departments.items()} if departments else {},
        ("join",) if enrol is None else tuple(one.one_of(ENROL) for one in enrol.each()),
        node.opt_texts("administrators"),
    )


def _known(node: Node, knowledge: Knowledge) -> str:
    try:
        knowledge.folder(node.text())
    except SettingsError as error:
        node.fail(error.japanese, error.english)
    return node.text()
