"""The count of `reading` tells a hard sentence from an easy one; pages are read in `test_accessibility`."""

from tests.browser.reading import HIGHEST, grade_of


def test_a_hard_sentence_would_be_noticed():
    hard = "Notwithstanding the aforementioned considerations, eligibility determinations necessitate documentation."

    assert grade_of([hard]) > HIGHEST
    assert grade_of(["We check the card here and now.", "You can stop here and come back."]) < HIGHEST
