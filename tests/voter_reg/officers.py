"""Staff for tests, a pack that could go live, and how two officers approve something."""

import re
import shutil
from datetime import date
from pathlib import Path

import eligibility
from eligibility import load_pack
from tests.voter_reg.town import DAY
from voter_reg.service import approvals, elections, publishing
from voter_reg.service.actors import staff
from voter_reg.service.publishing import Authorisation

CLERK = staff("cleo", "clerk")
FIRST, SECOND = staff("ada", "privacy-officer"), staff("bo", "privacy-officer")
COUNSEL = staff("cy", "counsel")

AUTHORISATION = Authorisation(
    "Ordinance 2025-1", "https://example.org/ordinance", date(2025, 6, 1), "Resolution 2025-2", date(2025, 6, 2)
)


def live_pack(folder):
    """Minneapolis's pack as if its law were in force and every value had been seen in its source; its directory."""
    shutil.copytree(Path(eligibility.__file__).parent / "packs" / "minneapolis", folder)
    path = folder / "pack.toml"
    text = path.read_text("utf-8").replace('value = "proposed"', 'value = "in-force"')
    text = re.sub(r"^to_confirm = .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^checked_on = .*$", "checked_on = 2025-08-20", text, flags=re.MULTILINE)
    kinds = 'kinds = ["record", "election", "refused-papers", "demand"]'
    path.write_text(text.replace("[[classification]]\n", f"[[classification]]\n{kinds}\n", 1), "utf-8")
    return str(folder)


def approved(kind, subject, args, now):
    """A request that two officers have approved; its id."""
    request = approvals.file(kind, subject, args, "For a test.", by=CLERK, now=now)
    approvals.approve(request.id, by=FIRST, now=now)
    return approvals.approve(request.id, by=SECOND, now=now).id


def live_election(office, town_map, folder):
    """A live election that is authorised and published; its id."""
    pack = live_pack(folder)
    publishing.authorise(load_pack(pack), AUTHORISATION, by=COUNSEL, now=office.now)
    archive = office.shelf.archive
    election = elections.create(pack, town_map, DAY, by=CLERK, now=office.now, archive=archive)
    request = approved("publish", election, publishing.what_publishing_approves(election), office.now)
    publishing.publish(election, request, archive, office.now.date(), by=CLERK, now=office.now)
    return election
