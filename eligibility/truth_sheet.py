"""The truth table as a lawyer reads it: every class by age, residence and oath, then each deadline, then each district.

The proof runs over every mix of all of them. Deadlines and districts are told here for one person who meets every other
rule, since they bind all contests alike; nothing is left out but the repetition.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from html import escape

from eligibility.contest import contests_due
from eligibility.decision import DayRules
from eligibility.pack import Pack
from eligibility.requirement import Attestation, Requirement
from eligibility.truth_classes import PersonClass, PlaceClass, days_that_matter, people, places, values_of
from eligibility.truth_table import Row, rows_of

_UNKNOWN = PlaceClass("district not known", None)
HEAD = ("election day", "age", "residence", "sworn", "registration", "place", "contest", "may vote", "because of")
"""The heads of the columns of a row."""


def sheet(pack: Pack) -> Iterator[Row]:
    """The rows of the sheet, day by day."""
    for on in days_that_matter(pack):
        rules = DayRules(pack, on)
        for person, place in _people_and_places(pack, on):
            yield from rows_of(rules, on, person, place)


def cells_of(row: Row) -> tuple[str, ...]:
    """A row as its cells, in the order of the head."""
    sworn = " + ".join(sorted(row.person.facts.sworn)) or "-"
    verdict = "yes" if row.eligible else "no"
    why = ", ".join(row.why_not) or "-"
    person = (row.person.age, row.person.residence, sworn, row.person.registration)
    return (row.on.isoformat(), *person, row.place.words, row.contest, verdict, why)


def as_csv(rows: Iterable[Row]) -> Iterator[str]:
    """The rows as CSV (RFC 4180), a line at a time, the head first."""
    for cells in (HEAD, *map(cells_of, rows)):
        line = io.StringIO()
        csv.writer(line).writerow(cells)
        yield line.getvalue()


def as_html(pack: Pack) -> Iterator[str]:
    """The sheet as one page of HTML that needs nothing else: a table a day, a column a contest."""
    name = escape(pack.name)
    yield f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Truth table, {name}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{_STYLE}</style></head><body>\n<h1>Who may vote in {name}: the truth table</h1>\n"
    yield f"<p>Law: {escape(pack.legal_status)}. {'Demonstration only. ' if pack.demonstration else ''}"
    yield f"Rules digest <code>{pack.digest}</code>. Every class of person stands here once for each day on which a "
    yield "rule changes: both sides of every age, of every number of days, and with and without each oath.</p>\n"
    yield _rules(pack)
    for on in days_that_matter(pack):
        yield from _day(pack, on)
    yield "</body></html>\n"


def _people_and_places(pack: Pack, on: date) -> Iterator[tuple[PersonClass, PlaceClass]]:
    everyone = list(people(pack, on=on))
    judged = [person for person in everyone if person.facts.registered is None]
    for person in judged:
        yield person, _UNKNOWN
    best = _best(pack, on, judged)
    for person in everyone:
        if person.facts.registered is not None and replace(person.facts, registered=None) == best.facts:
            yield person, _UNKNOWN
    for place in places(pack, on):
        if place.split is not None:
            yield best, place


def _best(pack: Pack, on: date, judged: list[PersonClass]) -> PersonClass:
    rules = DayRules(pack, on)
    return max(judged, key=lambda person: len(rules.decide(person.facts, None).eligible_ids))


def _rules(pack: Pack) -> str:
    sources = [(_asked(r), entry) for r in pack.requirements for entry in values_of(r).values]
    items = "".join(
        f"<li>{escape(kind)} {escape(str(entry.value))} from {entry.from_}: "
        f'<a href="{escape(entry.source.href)}">{escape(entry.source.cite)}</a>'
        f"{' (to be confirmed)' if entry.source.to_confirm else ''}</li>"
        for kind, entry in sources
    )
    outside = "".join(f"<li>{escape(o.title)}: {escape(o.why)} ({escape(o.source.cite)})</li>" for o in pack.outside)
    return f"<h2>The rules</h2><ul>{items}</ul>\n<h2>Never on a municipal ballot</h2><ul>{outside}</ul>\n"


def _asked(requirement: Requirement) -> str:
    return requirement.statement if isinstance(requirement, Attestation) else requirement.kind


def _day(pack: Pack, on: date) -> Iterator[str]:
    contests = [(c.id, c.title) for c in contests_due(pack, on)] + [(o.id, o.title) for o in pack.outside]
    heads = "".join(f'<th scope="col">{escape(title)}</th>' for _, title in contests)
    yield f'<h2 id="d{on}">{on}</h2>\n<table><caption>Election day {on}</caption><thead><tr>'
    yield f'<th scope="col">Person</th><th scope="col">Registration and place</th>{heads}</tr></thead><tbody>\n'
    rules = DayRules(pack, on)
    for person, place in _people_and_places(pack, on):
        found = {row.contest: row for row in rows_of(rules, on, person, place)}
        sworn = " + ".join(sorted(person.facts.sworn)) or "nothing"
        who = f"{person.age}; {person.residence}; sworn {sworn}"
        when = "registered in time" if person.facts.registered is None else person.registration
        where = "any district" if place.split is None else place.words
        yield f'<tr><th scope="row">{escape(who)}</th><td>{escape(f"{when}; {where}")}</td>'
        yield "".join(_cell(_of(found, contest_id)) for contest_id, _ in contests) + "</tr>\n"
    yield "</tbody></table>\n"


def _of(found: dict[str, Row], contest_id: str) -> Row | None:
    """The row of a contest, whose id carries a district where the place has one; None where it is not up there."""
    return next((row for one, row in found.items() if one == contest_id or one.startswith(f"{contest_id}-")), None)


def _cell(row: Row | None) -> str:
    if row is None:
        return "<td>not up here</td>"
    if row.eligible:
        return '<td class="yes">yes</td>'
    return f'<td class="no">no: {escape(", ".join(row.why_not))}</td>'


_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:90rem;"
    "padding:0 1rem}table{border-collapse:collapse;display:block;overflow-x:auto;font-size:.85rem}"
    "caption{text-align:start;font-weight:600}th,td{border:1px solid #8888;padding:.25rem .5rem;text-align:start;"
    "vertical-align:top}thead th{position:sticky;top:0;background:Canvas}th[scope=row]{font-weight:400;min-width:18rem}"
    "td:nth-child(2){min-width:13rem}"
    ".yes{background:#2e7d3233;font-weight:600}.no{opacity:.8}"
    "code{overflow-wrap:anywhere}@media print{table{display:table;font-size:.6rem}}"
)
