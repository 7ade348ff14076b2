"""Every path of a resident over the real service: four languages, scripts on and off, by touch and by keyboard alone.

Each run goes each path once, in a combination of its own; `make test-long` goes all of them in all.
"""

from itertools import product

import pytest

from tests.browser.hands import PHONE, Person, Typist
from tests.browser.own_walking import NOT_HERS
from tests.browser.walking import PAPER, PHOTO
from tests.voter_reg.portal.own_pages import BORN
from tests.voter_reg.residency import issuing
from voter_reg.language import words
from voter_reg.registry.cards import Card
from voter_reg.registry.printed_card import as_png

pytestmark = pytest.mark.browser

MAIN = "#form .actions .button"
SINCE = {"since_month": "5", "since_year": "2019"}
HOME = "100 Oak Street"
REGISTERED = "You are registered in the demonstration"
WAITS = "Almost done"


def tell(me, home="address", place=None, then=MAIN):
    """From the first page over home and name to the question how one shows where one lives, or to what `then` does."""
    me.open(f"/?lang={me.language}")
    me.press(".hero a.button")
    me.press(MAIN)
    if home != "address":
        me.press(f"a[href='/address?home={home}']")
        me.write("#place", place)
    me.write("#address", HOME)
    me.press(MAIN)
    assert "/contests/" in me.page.url
    me.press("main .actions a.button")
    me.write("#name", "Amina Yusuf")
    be_born(me)
    for field, text in SINCE.items():
        me.write(f"#{field}", text)
    me.press(then)


def be_born(me):
    for field, text in BORN.items():
        me.write(f"#{field}", text)


def show_card(me, own):
    me.write("#card", own.new_card())
    me.press(MAIN)


def choose_way(me, way):
    me.tick(f"input[name=way][value={way}]")
    me.press("form[action='/way'] button")


def finish(me, says=REGISTERED):
    """From the question about news to the code, on a page with this heading."""
    if me.page.url.endswith("/contact"):
        me.press(MAIN)
    me.write("#signature", "Amina Yusuf")
    me.tick("#signed")
    me.press(MAIN)
    assert me.page.url.endswith("/done")
    assert me.page.locator("h1").inner_text() == words(me.language).text(says)
    me.code()


def by_card(me, own):
    tell(me)
    show_card(me, own)
    finish(me)
    assert b"Amina Yusuf" in me.take("a[href='/copy']")


def by_photo_of_the_card(me, own):
    number, at = own.new_card(), own.office.now
    claims = {"number": number, "born": "1990-01-01", "address": HOME}
    times = {"iat": int(at.timestamp()) - 99, "exp": int(at.timestamp()) + 99}
    drawn = Card(number, "1990-01-01", HOME, at.date())
    picture = as_png(drawn, number, issuing.card(claims, **times))
    tell(me)
    me.attach("#photo", {"name": "card.png", "mimeType": "image/png", "buffer": picture})
    me.press("form[action='/card/photo'] button")
    finish(me)


def by_papers_sent(me, own):
    tell(me)
    choose_way(me, "uploaded")
    for file in (PHOTO, PAPER):
        me.tick("#kind")
        me.attach("#paper", file)
        me.press("form[action='/papers'] .button")
    me.press("form[action='/papers/remove'] button")
    assert me.page.locator(".sent li").count() == 1
    me.press("form[action='/papers/done'] .button")
    finish(me, WAITS)


def by_papers_in_person(me, own):
    tell(me)
    choose_way(me, "papers")
    finish(me, WAITS)


def by_a_voucher(me, own):
    tell(me)
    choose_way(me, "vouching")
    finish(me, WAITS)
    handed = me.code(1)
    neighbor = own.register()
    me.open(f"/vouch?lang={me.language}")
    me.write("#code", neighbor)
    me.write("#vouching_code", handed)
    be_born(me)
    me.press(MAIN)
    assert "Amina Yusuf" in me.reads()
    me.tick("#sworn")
    me.press(MAIN)
    assert me.page.locator("h1").inner_text() == words(me.language).text("Thank you, it is done")


def at_a_facility(me, own):
    tell(me, "facility", "Oak Street Shelter")
    choose_way(me, "facility-staff")
    finish(me, WAITS)


def registered_here_before(me, own):
    tell(me)
    choose_way(me, "prior-registration")
    finish(me, WAITS)


def without_a_fixed_address(me, own):
    tell(me, "no-fixed", "Under the bridge at Oak Street")
    choose_way(me, "vouching")
    finish(me, WAITS)


def at_a_program_address(me, own):
    tell(me, "program", "P.O. Box 17531")
    show_card(me, own)
    finish(me, WAITS)


def saved_and_taken_up(me, own):
    tell(me, then="#form button[value=save]")
    me.press(MAIN)
    link, code = me.page.locator("#link").input_value(), me.code()
    me.page.context.clear_cookies(name="__Host-draft")
    me.open(link)
    me.write("#code", code)
    me.press("#form .button")
    me.open("/card")
    show_card(me, own)
    finish(me)


def only_looking(me, own):
    me.open(f"/check?lang={me.language}")
    me.write("#address", "1 Nowhere Lane")
    me.press(MAIN)
    assert me.page.locator("#address").input_value() == "1 Nowhere Lane"
    me.write("#address", HOME)
    me.press(MAIN)
    assert me.page.locator("ul.contests .yes").count() > 0


def on_a_shared_device(me, own):
    me.open(f"/shared-device?lang={me.language}")
    me.leave("#form button[value=yes]")
    tell(me)
    show_card(me, own)
    finish(me)
    assert me.page.locator("a[href='/copy'][download]").count() == 0, "a file would stay on the device"
    me.leave(".later button")
    me.page.goto("/name")
    assert me.page.locator("#name").count() == 0


def sign_in(me, code):
    me.open(f"/record?lang={me.language}")
    me.write("#code", code)
    be_born(me)
    me.press(MAIN)
    assert me.page.locator("#code").count() == 0


def looking_at_ones_record(me, own):
    sign_in(me, own.register())
    for name in ("ballot", "looks", "papers"):
        me.press(f"a[href='/record/{name}']")
        if name == "papers":
            assert b"Amina Yusuf" in me.take("form[action='/record/papers'] .button")
        me.press("main a[href='/record']")


def moving(me, own):
    sign_in(me, own.register())
    me.press("a[href='/record/address']")
    me.write("#address", "102 Oak Street")
    me.write("#signed", "Amina Yusuf")
    me.press(MAIN)
    assert me.page.url.endswith("/record/card"), "the new home is still to be shown"
    me.open("/record")
    assert "102 OAK ST" in me.reads().upper()


def another_name_and_other_dates(me, own):
    sign_in(me, own.register())
    me.press("a[href='/record/name']")
    me.write("#name", "Amina Yusuf Cali")
    me.write("#signed", "Amina Yusuf Cali")
    me.press(MAIN)
    me.press("a[href='/record/dates']")
    me.write("#since_year", "2018")
    me.write("#signed", "Amina Yusuf Cali")
    me.press(MAIN)
    assert "2018" in me.reads()
    me.press("a[href='/record/contact']")
    me.write("#mail_to", "P.O. Box 1\nMinneapolis, MN 55401")
    me.press(MAIN)
    assert "Amina Yusuf Cali" in me.reads()


def letters(me, own):
    sign_in(me, own.register())
    me.press("a[href='/record/papers']")
    me.press("a[href='/record/letters']")
    me.tick("input[value=rules]")
    me.tick("#lawyer")
    assert b"Amina Yusuf" not in me.take("#form .button"), "a letter on the rules names nobody"
    me.tick("input[value=voting]")
    me.write("#shown", NOT_HERS)
    me.press("#form .button")
    assert me.page.locator("#shown[aria-invalid]").count() == 1


def proving_afterwards(me, own):
    sign_in(me, own.register(proven=False))
    me.press("a[href='/record/proof']")
    me.tick("#kind")
    me.attach("#paper", PHOTO)
    me.press("#form .button")
    me.open("/record")
    me.press("a[href='/record/card']")
    show_card(me, own)
    me.open("/record")
    assert me.page.locator(".good h2").inner_text() == words(me.language).text(REGISTERED)


def leaving(me, own):
    code = own.register()
    sign_in(me, code)
    me.press("a[href='/record/leave']")
    me.tick("#sure")
    me.press("#form .actions .button")
    me.open(f"/record?lang={me.language}")
    me.write("#code", code)
    be_born(me)
    me.press(MAIN)
    assert me.page.locator("#code[aria-invalid]").count() == 1, "the code opens nothing any more"


PATHS = (
    by_card,
    by_photo_of_the_card,
    by_papers_sent,
    by_papers_in_person,
    by_a_voucher,
    at_a_facility,
    registered_here_before,
    without_a_fixed_address,
    at_a_program_address,
    saved_and_taken_up,
    only_looking,
    on_a_shared_device,
    looking_at_ones_record,
    moving,
    another_name_and_other_dates,
    letters,
    proving_afterwards,
    leaving,
)
WAYS = tuple(product(("en", "es", "so", "hmn"), (True, False), (Person, Typist)))


def combinations():
    for number, path in enumerate(PATHS):
        for nth, way in enumerate(WAYS):
            marks = () if nth == 5 * number % len(WAYS) else (pytest.mark.long,)  # 5: each path another, all in turn
            language, scripts, hands = way
            name = f"{path.__name__}-{language}-{'with' if scripts else 'no'} scripts-{hands.__name__}"
            yield pytest.param(path, way, marks=marks, id=name)


@pytest.mark.parametrize(("path", "way"), tuple(combinations()))
def test_path(visit, own, path, way):
    language, scripts, hands = way
    with visit(base_url=own.base, java_script_enabled=scripts, viewport=PHONE) as page:
        path(hands(page, language), own)
