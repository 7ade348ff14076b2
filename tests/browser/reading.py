"""The grade that a page of English is read at, as Flesch and Kincaid count it.

Names that are not ours to shorten (the city, offices and bodies of the law) count as one short word each.
"""

import re

HIGHEST = 6.0
GIVEN = re.compile(
    r"Minneapolis|Municipal ID|DEMONSTRATION|Park and Recreation Commissioner|City Council Member"
    r"|Board of Estimate and Taxation|Immigration and Customs Enforcement"
    r"|(?:January|November|October) \d+, \d{4}|Tuesday|612-673-\d+|https?://\S+|[A-Z0-9]{5}-[A-Z0-9]{5}"
)
PROSE = """() => [...document.querySelectorAll('main :is(h1, h2, p, li, dd, label, legend)')]
  .filter(e => e.offsetParent && !e.querySelector('p, li'))
  .map(e => e.innerText.trim().replace(/\\s+/g, ' ').replace(/([^.?!:])$/, '$1.'))"""
FEWEST = 5
"""Words: labels and headings would make every page look easy."""


def grade_of(lines):
    """0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid and others, 1975)."""
    text = " ".join(GIVEN.sub("it", line) for line in lines if len(line.split()) >= FEWEST)
    words = re.findall(r"[A-Za-z’']+", text)
    sentences = max(1, len(re.findall(r"[.?!:;]+(?:\s|$)", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word):
    """Groups of vowels, without the e that nobody says: a count that is seldom more than one off."""
    word = re.sub(
        r"(?:[^laeiouy]es|ed|[^l]e)$", lambda found: found[0][0] if found[0] != "ed" else "", word.lower().strip("'’")
    )
    return max(1, len(re.findall(r"[aeiouy]+", word)))
