"""A resident at a narrow phone, who goes on by touch or by keyboard alone.

Whichever they do, each page that they come to must be in their language and no wider than the phone.
"""

import re

PHONE = {"width": 320, "height": 640}
MOST_STOPS = 150
WHERE = """wanted => {
  const here = document.activeElement;
  return here === wanted ? 'there' : here.type === 'radio' && here.name === wanted.name ? 'group' : 'elsewhere';
}"""


class Person:
    """At one page after another, by touch."""

    def __init__(self, page, language):
        self.page, self.language = page, language

    def open(self, path):
        self.page.goto(path)
        self._look()

    def write(self, field, text):
        self.page.locator(field).first.fill(text)

    def tick(self, box):
        self.page.locator(box).first.check()

    def attach(self, field, file):
        self.page.locator(field).set_input_files(file)

    def press(self, button):
        """Press a button or follow a link, and be on the page that it leads to."""
        with self.page.expect_navigation():
            self._push(button)
        self._look()

    def leave(self, button):
        """Press what clears the browser, the language along with all else."""
        with self.page.expect_navigation():
            self._push(button)

    def take(self, button):
        """Press what hands out a file; its bytes."""
        with self.page.expect_download() as taken:
            self._push(button)
        return taken.value.path().read_bytes()

    def reads(self):
        return self.page.locator("main").inner_text()

    def code(self, which=0):
        """A code that the page shows; its letters are the same in every language."""
        shown = self.page.locator(".code").nth(which).inner_text().strip()
        assert re.fullmatch(r"[0-9A-Z]{4,5}(-[0-9A-Z]{4,5}){1,2}", shown), shown
        return shown

    def _push(self, button):
        self.page.locator(button).first.click()

    def _look(self):
        assert self.page.locator("html").get_attribute("lang") == self.language, self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], self.page.url


class Typist(Person):
    """The same by keyboard alone: Tab to everything, arrows among the answers of one question."""

    def write(self, field, text):
        self._reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick(self, box):
        self._reach(box)
        if not self.page.locator(box).first.is_checked():
            self.page.keyboard.press("Space")
        assert self.page.locator(box).first.is_checked()

    def attach(self, field, file):
        self._reach(field)
        super().attach(field, file)  # what Enter opens is the browser's own window, not a page

    def _push(self, button):
        self._reach(button)
        self.page.keyboard.press("Enter")

    def _reach(self, selector):
        wanted = self.page.locator(selector).first.element_handle()
        for _ in range(MOST_STOPS):
            where = self.page.evaluate(WHERE, wanted)
            if where == "there":
                return
            self.page.keyboard.press("ArrowDown" if where == "group" else "Tab")
        raise AssertionError(f"Tab never reaches {selector} on {self.page.url}")
