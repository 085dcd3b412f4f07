"""Whom to ask: the offices a clause names, then those the organisation set for the scope, then the first of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.model import Account, Clause, Contact, Department, Organization, Scope


def named_in(organization: Organization, text: str) -> list[str]:
    """Offices and roles of the organisation that `text` names, in the order of the text.

    The longest name wins where one contains another (総務広報課長 before 総務広報課); an alias gives its office.
    """
    names: dict[str, str] = {role: role for role in organization.roles}
    for department in organization.departments:
        for name in (department.name, *department.aliases):
            names[name] = department.name
    found: list[tuple[int, str]] = []
    taken: list[tuple[int, int]] = []
    for name in sorted(names, key=len, reverse=True):
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            if not any(start < right and left < end for left, right in taken):
                taken.append((start, end))
                found.append((start, names[name]))
            start = text.find(name, end)
    return list(dict.fromkeys(name for _, name in sorted(found)))


class ContactFinder:
    """Finds the contacts for an answer; `texts` supplies the wording of the reasons."""

    def __init__(self, organization: Organization, texts: Mapping[str, str]) -> None:
        self.organization = organization
        self.texts = texts
        self._offices = {department.name: department for department in organization.departments}

    def contacts(self, clauses: Iterable[tuple[Clause, str]], scope: Scope | None) -> tuple[Contact, ...]:
        """Contacts for the cited clauses (each with its full text) and the scope of the answer, the best first."""
        found: dict[str, Contact] = {}
        for clause, text in clauses:
            for name in named_in(self.organization, f"{clause.heading or ''}\n{text}"):
                why = self.texts["contact_named"].format(locator=clause.locator)
                found.setdefault(name, self._contact(name, why))
        for department in self._for_scope(scope):
            found.setdefault(department.name, self._contact(department.name, department.why))
        return tuple(found.values())

    def _for_scope(self, scope: Scope | None) -> list[Department]:
        departments = self.organization.departments
        wanted: tuple[Scope, ...] = ("official", "private", "both") if scope in (None, "both") else (scope, "both")
        fitting = [department for department in departments if set(department.scopes) & set(wanted)]
        exact = [department for department in fitting if scope in department.scopes]
        ordered = list(dict.fromkeys([*exact, *fitting]))
        return ordered or list(departments[:1])

    def _contact(self, name: str, why: str) -> Contact:
        office = self._offices.get(name)
        if office is None:
            return Contact(name, None, None, why)
        return Contact(name, office.phone, office.extension, why)


def fitting_scope(scope: Scope | None, account: Account | None) -> Scope | None:
    """The scope whose office to name: the account asked about where there is one, else the clause's."""
    return account or scope
