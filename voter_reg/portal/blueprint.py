"""The blueprint that every page of the portal hangs on."""

from __future__ import annotations

from flask import Blueprint

portal = Blueprint("portal", __name__)
