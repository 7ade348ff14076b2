"""The floor under a page: a Flask application with one Jinja page of a form page's size, and nothing else.

No session, no CSRF token, no header, no database. `python -m benchmarks.bare PORT` serves it as the portal is served.
"""

from __future__ import annotations

import sys

from flask import Flask, render_template
from jinja2 import DictLoader

from voter_reg.commands.serve import Server

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="/portal.css"></head>
<body><header><a href="/">{{ place }}</a></header><main><h1>{{ title }}</h1>
<form method="post">{% for field in fields %}<p><label for="{{ field }}">{{ field }}</label>
<input id="{{ field }}" name="{{ field }}" value=""></p>{% endfor %}<button>Continue</button></form>
{% for line in lines %}<p>{{ line }}</p>{% endfor %}</main>
<footer>{% for phone in phones %}<a href="tel:{{ phone }}">{{ phone }}</a>{% endfor %}</footer></body></html>"""
_WORDS = {
    "title": "Your name",
    "place": "A city",
    "fields": ("name", "day", "month", "year"),
    "phones": ("311", "711"),
    "lines": [f"Line {n} of plain words, of the kind that a page has around its questions." for n in range(40)],
}


def bare_app() -> Flask:
    """The least that answers with a page: a template compiled once, rendered for each request."""
    app = Flask("bare", static_folder=None)
    app.config["TEMPLATES_AUTO_RELOAD"] = False
    app.jinja_loader = DictLoader({"page.html": _PAGE})

    @app.get("/")
    def page() -> str:
        return render_template("page.html", **_WORDS)

    return app


if __name__ == "__main__":
    Server(bare_app(), bind=f"127.0.0.1:{sys.argv[1]}", workers=1).run()
