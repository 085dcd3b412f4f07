from __future__ import annotations
from bot.model import Office
def find_departments(page, nodes, organization) -> tuple[Office, ...]:
    return ()
def find_organization(page, title, nodes, skipped):
    return None
