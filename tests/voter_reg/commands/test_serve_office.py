"""`voter-reg serve office`: an origin that browsers would take, and a secret of its own."""

import pytest

from tests.voter_reg.town import command
from voter_reg.commands import serve


@pytest.fixture
def served(monkeypatch):
    """What would be served, and how, in place of serving it."""
    found = []
    monkeypatch.setattr(serve.Server, "run", lambda self: found.append((self._app, self._options)))
    return found


@pytest.mark.parametrize(
    "origin",
    [
        *(
            "http://office.example.org",
            "office.example.org",
            "https://",
            "https://x/path",
            "https://x?y",
            "https://u@x",
        ),
        *("ftp://x", "javascript:1", "https://x#y", "http://127.0.0.1", "http://localhost.example.org"),
    ],
)
def test_an_origin_that_is_none_or_sends_passwords_in_clear_is_refused(config, origin):
    ending = command("serve", "office", "--origin", origin, config=config)

    assert ending.code == 2
    assert ending.err.startswith("--origin: ")


@pytest.mark.parametrize(
    ("arguments", "origin"),
    [
        ((), "http://localhost:8001"),
        (("--port", "9009"), "http://localhost:9009"),
        (("--origin", "https://office.example.org"), "https://office.example.org"),
        (("--origin", "https://office.example.org:8443/"), "https://office.example.org:8443"),
    ],
)
def test_the_office_is_served_under_its_origin(config, monkeypatch, served, arguments, origin):
    monkeypatch.setenv("VOTER_REG_OFFICE_SECRET", "o" * 40)
    ending = command("serve", "office", *arguments, config=config)

    assert ending.code == 0, ending.err
    app, options = served[0]
    assert app.extensions["office"].accounts.origin == origin
    assert options["proc_name"] == "voter-reg office"


@pytest.mark.parametrize("secret", ["", "short", "p" * 40])
def test_without_a_secret_of_its_own_it_does_not_start(config, monkeypatch, served, secret):
    monkeypatch.setenv("VOTER_REG_OFFICE_SECRET", secret)
    ending = command("serve", "office", config=config)

    assert ending.code == 2
    assert ending.err.startswith("VOTER_REG_OFFICE_SECRET: ")
    assert served == []
