"""What holds of every page, however it is looked at: width, theme, size of text, direction, and what axe-core tells."""

import re

from axe_playwright_python.sync_playwright import Axe

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
THEMES = ("light", "dark")
STILL = {"viewport": {"width": 320, "height": 640}, "reduced_motion": "reduce"}
"""Without motion: a colour on its way from one theme to the other is neither."""
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden])')].filter(e => {
  const target = e.closest('label') || e, box = target.getBoundingClientRect(), style = getComputedStyle(e);
  if (!box.width || style.visibility == 'hidden' || box.right < 0) return false;
  if (e.tabIndex < 0 || e.type == 'file') return false;
  const inSentence = e.tagName == 'A' && ['P', 'LI'].includes(e.parentElement.tagName)
    && e.parentElement.textContent.trim() != e.textContent.trim();
  return !inSentence && (box.height < 24 || box.width < 24);
}).map(e => e.outerHTML)"""
PAINTED = """() => [...document.querySelectorAll('main *, header *, footer *, .demo *')].filter(e =>
    [...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim()) && e.getBoundingClientRect().width > 1
).map(e => {
  let ground = e, colour;
  do { colour = getComputedStyle(ground).backgroundColor; ground = ground.parentElement; }
  while (ground && /, 0\\)$|transparent/.test(colour));
  return [getComputedStyle(e).color, colour, e.textContent.trim().slice(0, 40)];
})"""


def fits(page, state, widths=(1440, 320)):
    """A page fits each width and text twice as large, every target can be hit, and texts stand out in both themes."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 640})
        assert sideways(page) <= width, (state, width)
        assert page.evaluate(SMALL_TARGETS) == [], (state, width)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        for text, ground, words in page.evaluate(PAINTED):
            assert contrast(text, ground) >= 4.5, (state, theme, words, text, ground)
    page.set_viewport_size({"width": 640, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '225%'")
    assert sideways(page) <= 640, (state, "text twice as large")
    page.evaluate("document.documentElement.style.fontSize = ''")


def fits_turned(page, state):
    """A page fits a phone from right to left as well."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert sideways(page) <= 320, (state, "from right to left")
    page.evaluate("document.documentElement.dir = 'ltr'")


def fits_in_every_way(page, states):
    """All of it for every page of the office, and what axe-core tells; how many states there were."""
    seen, count = set(), 0
    for state in states:
        assert page.locator("h1").count() == 1, state
        fits(page, state, (1440, 768, 320))
        fits_turned(page, state)
        made, count = shape(page), count + 1
        if made not in seen:
            seen.add(made)
            assert broken(page) == [], state
    return count


def sideways(page):
    return page.evaluate("document.documentElement.scrollWidth")


def broken(page):
    """The rules of WCAG 2.2 AA that axe-core finds broken, with where."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]


def shape(page):
    """What axe judges: elements, their marks and how long their texts are, without what differs by chance."""
    return page.evaluate(
        """() => document.title.slice(0, 6) + [...document.querySelectorAll('body *')].map(e => e.tagName + e.className
        + (e.hidden ? 'h' : '') + (e.getAttribute('aria-invalid') || '') + (e.getAttribute('aria-expanded') || ''))"""
    )


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
