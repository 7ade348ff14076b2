"""The yearly transparency report: what was demanded, decided, disclosed and told, as counts from the register."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from voter_reg.service.demands import DECISIONS, KINDS, TOLD, Demand, register


@dataclass(frozen=True, slots=True)
class Report:
    """The counts of the demands that came in one year."""

    year: int
    place: str
    kinds: dict[str, int]
    decisions: dict[str, int]
    told: dict[str, int]
    records: int
    people: int

    def plain(self) -> dict[str, object]:
        """The report as plain data."""
        return {name: getattr(self, name) for name in Report.__slots__}

    def markdown(self) -> str:
        """The report as a page to publish."""
        total = sum(self.kinds.values())
        disclosed = f"disclosed **{self.records:,}** records about **{self.people:,}** people"
        lines = [
            f"# Legal demands for municipal voters' data, {self.place}, {self.year}",
            "",
            f"The city received **{total}** in {self.year}, and {disclosed}.",
        ]
        if not total:
            return "\n".join(lines) + "\n"
        for title, counts in (("What came", self.kinds), ("Decision", self.decisions), ("People told", self.told)):
            lines += ["", f"| {title} | count |", "|---|---|"]
            lines += [f"| {name.replace('-', ' ')} | {count} |" for name, count in counts.items()]
        return "\n".join(lines) + "\n"


def report(year: int, place: str) -> Report:
    """The report of the demands received in a year. It opens nothing: counts stand in the register."""
    found = [one for one in register() if one.received_on.year == year]
    return Report(
        year,
        place,
        _counts(found, "kind", KINDS),
        _counts(found, "decision", ("none", *DECISIONS)),
        _counts(found, "told", TOLD),
        sum(one.records for one in found),
        sum(one.people for one in found),
    )


def _counts(demands: list[Demand], name: str, known: tuple[str, ...]) -> dict[str, int]:
    counted = Counter(str(getattr(one, name)) for one in demands)
    return {value: counted[value] for value in known}
