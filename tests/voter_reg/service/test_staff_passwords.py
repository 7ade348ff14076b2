"""Passwords of staff: which are taken, that none is cut, and that what is too long never reaches Argon2."""

import unicodedata
from time import perf_counter

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from voter_reg.service.passwords import PasswordRefused, Passwords, checked

GOOD = "nine herons over the mill pond"


class Watched(PasswordHasher):
    """A hasher that remembers what it was asked."""

    def __init__(self, **cost):
        super().__init__(**(cost or {"time_cost": 1, "memory_cost": 8, "parallelism": 1, "hash_len": 4, "salt_len": 8}))
        self.asked = []

    def verify(self, stored, password):
        self.asked.append((stored, password))
        return super().verify(stored, password)


@pytest.fixture
def hasher():
    return Watched()


def test_the_cost_is_the_low_memory_profile_of_rfc_9106_unless_another_is_given():
    assert Passwords().hash(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert RFC_9106_LOW_MEMORY.memory_cost == 65536


@pytest.mark.parametrize(("length", "taken"), [(14, False), (15, True), (128, True), (129, False)])
def test_fifteen_to_128_characters_are_taken(length, taken):
    password = ("vexing quartz bowl jumps flock, " * 5)[:length]
    if taken:
        assert checked(password, name="amira") == password
    else:
        with pytest.raises(PasswordRefused):
            checked(password, name="amira")


@pytest.mark.parametrize(
    "password",
    [
        "  leading and trailing spaces  ",
        "одна тысяча и ещё одна ночь",
        "🦉🌾🪵🧭🪁🧵🥁🪡🛶🧺🪣🔭🧶🪗🎣",
        "no digits no capitals",
    ],
)
def test_any_characters_are_taken_as_they_are(password):
    assert checked(password, name="amira") == password


def test_the_two_spellings_of_an_accent_are_one_password(hasher):
    passwords = Passwords(hasher)
    composed = "é" * 8 + " ladders lean"
    decomposed = unicodedata.normalize("NFD", composed)

    stored = passwords.hash(checked(decomposed, name="amira"))

    assert checked(composed, name="amira") == checked(decomposed, name="amira") == composed
    assert passwords.verify(stored, decomposed)
    assert passwords.verify(stored, composed)


def test_nothing_is_cut_the_last_of_128_characters_counts(hasher):
    passwords = Passwords(hasher)
    long = ("vexing quartz bowl jumps flock, " * 4)[:127]
    stored = passwords.hash(checked(long + "a", name="amira"))

    assert passwords.verify(stored, long + "a")
    assert not passwords.verify(stored, long + "b")
    assert not passwords.verify(stored, long)


@pytest.mark.parametrize("size", [129, 513, 1_000_000])
@pytest.mark.parametrize("known", [True, False])
def test_what_is_too_long_never_reaches_argon2(hasher, size, known):
    passwords = Passwords(hasher)
    stored = passwords.hash(GOOD) if known else None
    started = perf_counter()

    assert not passwords.verify(stored, "x" * size)

    assert hasher.asked == []
    assert perf_counter() - started < 0.05
    with pytest.raises(PasswordRefused):
        checked("x" * size, name="amira")


@pytest.mark.parametrize("password", ["\ud800" * 20, "half a pair \udfff of them"])
def test_half_a_character_is_refused_and_not_a_crash(hasher, password):
    assert not Passwords(hasher).verify(Passwords(hasher).hash(GOOD), password)
    with pytest.raises(PasswordRefused):
        checked(password, name="amira")


@pytest.mark.parametrize(
    "password",
    [
        "qwerty123456789", "QWERTY123456789", "password1234567890", "Pass-word 12345678", "passwordpassword",
        "aaaaaaaaaaaaaaaaaaaa", "123412341234123412", "------------------", "voter-registration-2026",
        "amira.hassan amira.hassan", "amira.hassan-2026!", "characteristics", "1qaz2wsx3edc4rfv",
        "dragon dragon dragon",
        "Administrator 12345", "staff office 2026 !!",
    ],
)  # fmt: skip
def test_what_is_guessed_early_is_refused(password):
    with pytest.raises(PasswordRefused, match="first that someone would guess"):
        checked(password, name="amira.hassan")


def test_every_long_password_of_the_common_lists_is_refused():
    listed = [word for words in FREQUENCY_LISTS.values() for word in words if 15 <= len(word) <= 128]
    assert len(FREQUENCY_LISTS["passwords"]) >= 30_000
    assert len(listed) > 300

    for word in listed:
        with pytest.raises(PasswordRefused):
            checked(word, name="amira")


def test_a_password_that_only_holds_a_common_word_is_taken():
    assert checked("dragon of the seven ferries", name="amira")


def test_without_a_stored_hash_the_same_work_is_done_and_the_answer_is_no(hasher):
    passwords = Passwords(hasher)

    assert not passwords.verify(None, GOOD)

    ((stored, asked),) = hasher.asked
    assert asked == GOOD
    real = passwords.hash(GOOD)
    assert stored.rsplit("$", 2)[0] == real.rsplit("$", 2)[0]
    assert len(stored) == len(real)


def test_a_hash_that_is_none_is_refused_and_not_a_crash(hasher):
    assert not Passwords(hasher).verify("not a hash", GOOD)


def test_a_hash_of_other_parameters_is_to_be_made_anew():
    cheap = Passwords(PasswordHasher.from_parameters(CHEAPEST))
    stored = cheap.hash(GOOD)

    assert not cheap.needs_rehash(stored)
    assert Passwords().needs_rehash(stored)


def test_a_refusal_does_not_repeat_the_password():
    with pytest.raises(PasswordRefused) as refused:
        checked("qwerty123456789", name="amira")

    assert "qwerty" not in str(refused.value)
