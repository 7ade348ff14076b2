"""One word for one thing, in each language: a term of the field has the same translation wherever it is written.

The terms are those of DESIGN.md's section 11 and the glossary that translators were given.
"""

import re

import pytest

from voter_reg.language import catalogue

TERMS = {
    r"precincts?": ("precinto", "aag|codbixineed", "cheeb tsam pov npav"),
    r"ballots?": ("papeleta", "wara?a?q", "ntawv pov npav"),
    r"polling places?": ("lugar(es)? de votación", "goob", "chaw pov npav"),
    r"contests?": ("contienda", "tarta", "sib tw"),
    r"city election": ("elecci(ón|ones)", "doorash", "xaiv tsa"),
    r"vouching code": ("código de confirmación con testigo", "kood.*markhaati", "lees paub"),
    r"vouch(ed|es)? for": ("respon", "markha", "lees paub"),
    r"lawyers?": ("abogad", "qareen", "kws lij choj"),
    r"papers": ("documento", "wara?a?q", "ntawv"),
    r"notice": ("aviso", "ogeysi", "ceeb toom"),
    r"Municipal ID": ("Municipal ID|identificación municipal", "Municipal ID", "Municipal ID"),
    r"demonstration": ("demostración", "bandhig", "qauv saib"),
}


@pytest.mark.parametrize(("nth", "language"), [(0, "es"), (1, "so"), (2, "hmn")])
@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_the_same_word_everywhere(term, nth, language):
    word = TERMS[term][nth]
    told = {english: said for english, said in catalogue(language).items() if re.search(rf"\b({term})\b", english)}
    other = {english: said for english, said in told.items() if not re.search(word, said, re.IGNORECASE)}

    assert told
    assert other == {}
