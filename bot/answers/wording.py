"""Answer parts → the text a person reads. All wording comes from texts.yaml; quotations are never touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.model import Account, Citation, Contact, Department, Organization, Step

EXCERPT = 40
"""Characters of a related clause that are shown; the whole stands in `related`."""


class Wording:
    """Writes the answers of one organisation."""

    def __init__(self, organization: Organization, texts: Mapping[str, str]) -> None:
        self.organization = organization
        self.texts = texts

    def answered(
        self,
        citation: Citation,
        related: Sequence[Citation],
        contacts: Sequence[Contact],
        account: Account | None = None,
    ) -> str:
        """Scope, clause, source, whom to ask, what else to read; `account` is the one asked about."""
        return _lines(
            self.texts[f"scope_{citation.scope or 'unknown'}"],
            self.other_account(citation, account),
            "",
            *self._quotation(citation),
            "",
            self.source(citation),
            *self._contacts(contacts),
            *self._related(related),
        )

    def other_account(self, citation: Citation, account: Account | None) -> str | None:
        """That the clause is about the account that was not asked about; None where it is not so."""
        if account is None or citation.scope in (None, "both", account):
            return None
        return self.texts["account_differs"].format(account=self.texts[f"account_{account}"])

    def source(self, citation: Citation) -> str:
        """Document, date and locator on one line."""
        date = citation.date or self.texts["no_date"]
        return self.texts["source"].format(document=citation.document, date=date, locator=citation.locator)

    def suggested(self, related: Sequence[Citation], contacts: Sequence[Contact]) -> str:
        """もしかして: no clause is claimed to be the answer."""
        items = [self._item(citation) for citation in related]
        return _lines(self.texts["suggested"], *items, "", *self._contacts(contacts))

    def not_found(self, reason: str | None, contacts: Sequence[Contact]) -> str:
        """Nothing found, why as far as known, and whom to ask."""
        return _lines(self.texts["not_found"], reason, self.texts["not_found_ask"], *self._contacts(contacts))

    def incident(self, label: str, steps: Sequence[Step], report_to: Sequence[str], contacts: Sequence[Contact]) -> str:
        """The steps in order, whom to tell first."""
        own = {*self.organization.roles, *(name for one in self.organization.departments for name in _names(one))}
        inside, outside = [name for name in report_to if name in own], [name for name in report_to if name not in own]
        report = self.texts["incident_report" if inside else "incident_no_report"].format(names="、".join(inside))
        if outside:
            report += "\n" + self.texts["incident_inform"].format(names="、".join(outside))
        numbered = [
            self.texts["incident_step"].format(number=number, text=step.text, locator=step.locator)
            for number, step in enumerate(steps, 1)
        ]
        head = self.texts["incident_head"].format(label=label, organization=self.organization.name)
        return _lines(head, report, "", *numbered, "", *self._contacts(contacts))

    def others(self, own: str, others: Sequence[tuple[str, Citation]]) -> str:
        """An answer followed by what other bodies' guidelines say, marked as 参考."""
        key = "others_head" if others else "others_none"
        head = self.texts[key].format(organization=self.organization.name)
        items = [
            self.texts["others_item"].format(organization=name, locator=found.locator, excerpt=excerpt(found))
            for name, found in others
        ]
        return _lines(own, "", head, *items)

    def _quotation(self, citation: Citation) -> list[str]:
        head = self.texts["breadcrumb_joint"].join(citation.breadcrumb)
        lead_in = self.texts["lead_in"].format(text=citation.lead_in) if citation.lead_in else ""
        parts = [head, lead_in, citation.heading or "", citation.text, citation.note and f"※ {citation.note}"]
        return [part for part in parts if part]

    def _contacts(self, contacts: Sequence[Contact]) -> list[str]:
        return [self.contact(contact) for contact in contacts]

    def contact(self, contact: Contact) -> str:
        """One office with its phone where the document gives it."""
        return self._reached(contact, self.texts["contact"], self.texts["contact_role"])

    def contact_line(self, contact: Contact) -> str:
        """The same for a list that already says that these are offices to ask."""
        return self._reached(contact, self.texts["listed_contact"], self.texts["listed_contact_role"])

    def _reached(self, contact: Contact, office: str, role: str) -> str:
        """`office` and `role` are the texts for the one and the other; both are given the name."""
        name = (role if contact.name in self.organization.roles else office).format(name=contact.name)
        key = {
            (True, True): "contact_phone_extension",
            (True, False): "contact_phone",
            (False, True): "contact_extension",
        }.get((contact.phone is not None, contact.extension is not None))
        return name + self.texts[key].format(phone=contact.phone, extension=contact.extension) if key else name

    def _related(self, related: Sequence[Citation]) -> list[str]:
        if not related:
            return []
        return ["", self.texts["related_head"], *(self._item(citation) for citation in related)]

    def _item(self, citation: Citation) -> str:
        return self.texts["related_item"].format(locator=citation.locator, excerpt=excerpt(citation))


def _names(department: Department) -> tuple[str, ...]:
    return (department.name, *department.aliases)


def excerpt(citation: Citation) -> str:
    """The beginning of a clause on one line."""
    flat = " ".join((citation.heading or citation.text).split())
    return flat if len(flat) <= EXCERPT else flat[:EXCERPT] + "…"


def _lines(*parts: str | None) -> str:
    kept = [part for part in parts if part is not None]
    return "\n".join(kept).strip()
