"""English reads at sixth grade or below, page by page, as Flesch and Kincaid count it.

Names that are not ours to shorten (the city, offices and bodies of the law) count as one short word each.
"""

import re

import pytest
import textstat

from tests.browser.walking import walk

pytestmark = pytest.mark.browser

HIGHEST = 6.0
GIVEN = re.compile(
    r"Minneapolis|Municipal ID|DEMONSTRATION|Park and Recreation Commissioner|City Council Member|Board of Estimate and Taxation"
    r"|(?:January|November|October) \d+, \d{4}|Tuesday|612-673-\d+|https?://\S+|[A-Z0-9]{5}-[A-Z0-9]{5}"
)
PROSE = """() => [...document.querySelectorAll('main h1, main h2, main p, main li, main dd, main label, main legend, main .button')]
  .filter(e => e.offsetParent && !e.closest('.law') && !e.querySelector('p, li'))
  .map(e => e.innerText.trim().replace(/\\s+/g, ' ').replace(/([^.?!:])$/, '$1.'))"""


def grade_of(lines):
    text = " ".join(GIVEN.sub("it", line) for line in lines)
    return textstat.flesch_kincaid_grade(text)


def test_every_page_reads_at_sixth_grade_or_below(visit):
    grades = {}
    with visit(viewport={"width": 1024, "height": 800}) as page:
        for state in walk(page):
            grades[state] = grade_of(page.evaluate(PROSE))

    print({state: round(grade, 1) for state, grade in grades.items()})
    assert {state: grade for state, grade in grades.items() if grade > HIGHEST} == {}


def test_a_hard_sentence_would_be_noticed():
    hard = "Notwithstanding the aforementioned considerations, eligibility determinations necessitate documentation."

    assert grade_of([hard]) > HIGHEST
    assert grade_of(["We check the card.", "You can stop here."]) < HIGHEST
