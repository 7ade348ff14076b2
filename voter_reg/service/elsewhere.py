"""What is kept outside the database: files, the queue, cookies, and what leaves the house. The inventory lists it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from voter_reg.store.kept import Kept


@dataclass(frozen=True, slots=True)
class Place:
    """One store outside the database, and what each thing in it is for. `sealed`: a thief could not read it."""

    name: str
    where: str
    kept: Kept
    holds: Mapping[str, str]
    sealed: bool = False


SETTINGS: Final = MappingProxyType(
    {
        "instance_dir": "The folder of this installation.",
        "database_url": "Where the database is, with its password.",
        "master_key_file": "Where the master key is.",
        "master_key": "The master key itself, where it does not lie in a file.",
        "master_key_command": "The program that prints the master key, where one does.",
        "keystore_file": "Where the keystore is.",
        "broker_url": "Where the queue is, with its password.",
        "broker_dir": "The queue's folder, where it is one.",
        "archive_dir": "Where the rules and maps of past elections are.",
        "paper_key_file": "Where the key is that signs papers.",
        "paper_certificate_file": "Where its certificate is.",
        "portal_secret": "Signs the portal's sessions and links.",
        "pack": "Which place's rules apply.",
        "map_file": "Which district map applies.",
        "registry_url": "Where the Municipal ID registry answers.",
        "registry_key": "The key to ask the registry with.",
        "office_secret": "Signs the office's sessions and the links it hands out.",
        "demonstration": "Whether rules in force are shown as a demonstration.",
        "card_answer_seconds": "How long every answer about a card takes.",
        "mail": "Where e-mail is handed in, with its password, and the sender and page that messages name.",
        "card_keys_file": "The public keys of who issues Municipal IDs.",
        "card_status_url": "Where the list of revoked cards is.",
    }
)
"""What each setting is for, by its name in `voter_reg.config.Config`; a test compares the two."""

POLL_BOOK: Final = MappingProxyType(
    {
        "Line": "The voter's line in the book.",
        "Name": "What election judges look the voter up by.",
        "Sort name": "Where the voter stands in the book.",
        "Birth year": "Tells voters of one name apart.",
        "Address": "Shows that the voter is at the right polling place.",
        "Precinct": "The polling place's precinct.",
        "Precinct split": "Which part of it, where its ballots differ.",
        "Ballot style": "Which ballot the voter is handed.",
        "Review": "A reviewer still looks at the record; the voter votes like anyone.",
        "Voter ID": "Tells voters of one name apart, and marks who has voted.",
    }
)
"""What each column of a poll book is for, by its head in `ballots.formats.pollbook_csv`; a test compares the two."""

MANIFEST: Final = MappingProxyType(
    {
        "demonstration": "Whether it is a demonstration.",
        "place": "The place.",
        "place_name": "Its name in words.",
        "election_day": "Election day.",
        "frozen_at": "When the roster was frozen.",
        "pack_digest": "Which rules decided.",
        "map_digest": "Which map decided.",
        "roster_digest": "Which roster it is.",
        "voters": "How many voters the roster lists.",
        "files": "Each poll book's path, contest, precinct, count of voters and digest.",
    }
)
"""What each key of an export's manifest is for, as `ballots.formats.manifest` writes it; a test compares the two."""

ELSEWHERE: Final = (
    Place(
        "master key",
        "file, environment or command: VOTER_REG_MASTER_KEY_FILE, _KEY, _COMMAND",
        Kept("setting", "Opens the keystore; kept apart from the database and its backups.", "security", ("service",)),
        MappingProxyType({"key": "Wraps every key of the keystore."}),
    ),
    Place(
        "keystore",
        "file, VOTER_REG_KEYSTORE_FILE",
        Kept("key", "The data keys, each under the month it ends with; never in a backup.", "security", ("service",)),
        MappingProxyType(
            {
                "keys": "Seal and open everything of one month of expiry, of one hold, or of the service itself.",
                "index": "Gives the keys of the blind indexes.",
                "destroyed": "Which keys were destroyed and when, so that none is ever made again.",
                "generation": "How often the keystore changed, so that an older one is noticed.",
                "code": "Authenticates all of it.",
            }
        ),
        sealed=True,
    ),
    Place(
        "paper key",
        "file, VOTER_REG_PAPER_KEY_FILE",
        Kept("setting", "Signs the papers that people take with them.", "security", ("service",)),
        MappingProxyType({"key": "The city's private signing key."}),
    ),
    Place(
        "settings",
        "file settings.env, or the environment",
        Kept("setting", "What a process must know to run.", "security", ("administrator", "service")),
        SETTINGS,
    ),
    Place(
        "queue",
        "folder or Redis, VOTER_REG_BROKER_URL",
        Kept("job", "Tells workers that a job waits.", "operational", ("service",)),
        MappingProxyType({"task": "Which kind of work.", "job": "The job's number."}),
    ),
    Place(
        "archive",
        "folder archive",
        Kept(
            "election-frame",
            "Each election's rules and map, so that it can be decided again.",
            "public",
            ("service",),
        ),
        MappingProxyType(
            {
                "pack": "A place's rules and notices.",
                "map": "A city's districts and addresses.",
                "certificate": "A public key that papers were signed with.",
                "form": "A blank form, as it was handed out.",
            }
        ),
    ),
    Place(
        "process log",
        "standard error of portal and worker",
        Kept("process-log", "Tells operators what went wrong.", "operational", ("administrator",)),
        MappingProxyType(
            {
                "problem": "An error's kind and its place in the program, without its message.",
                "job": "The number of a job that was not sent.",
            }
        ),
    ),
    Place(
        "e-mail",
        "the city's mail server and the resident's own, where they asked for e-mail",
        Kept("letter", "Says that there is news, and nothing of what.", "private", ("resident", "service")),
        MappingProxyType(
            {
                "to": "The resident's e-mail address, which mail servers on the way see and may log.",
                "body": "That there is news about a form, and the city's page; the same for everyone.",
                "message-id": "A keyed hash, the same when a message is sent again; names nobody.",
            }
        ),
    ),
    Place(
        "printed letters",
        "paper, from the page that the office prints",
        Kept("letter", "Says to who asked for letters that there is news.", "private", ("resident", "clerk")),
        MappingProxyType(
            {
                "name and address": "Whom and where the envelope goes to.",
                "text": "That there is news about a form, in words that name no election.",
            }
        ),
    ),
    Place(
        "poll book",
        "file, where an export writes it",
        Kept("election", "A roster as judges use it; in clear only for a demonstration.", "private", ("judge",)),
        POLL_BOOK,
        sealed=True,
    ),
    Place(
        "export manifest",
        "file, where an export writes it",
        Kept("election", "What an export consists of, so that it can be checked.", "operational", ("judge", "clerk")),
        MANIFEST,
    ),
    Place(
        "audit file",
        "file, where an officer writes it",
        Kept("log", "The access log for a check from outside.", "security", ("privacy-officer",)),
        MappingProxyType(
            {
                "entries": "The access log as in the database: subjects are keyed hashes.",
                "checkpoints": "Signed digests of the log, so that a change is noticed.",
            }
        ),
    ),
    Place(
        "browser cookies",
        "the resident's browser, until it closes",
        Kept("draft", "Lets the browser go on with its own form.", "security", ("resident",)),
        MappingProxyType(
            {
                "__Host-draft": "The random token that opens the draft, and its last use; only a hash is kept.",
                "__Host-language": "The language that was chosen.",
                "__Host-shared": "That the device is shared by many people; it stays for a year and is about nobody.",
                "__Host-portal": "A secret against forged forms.",
                "__Host-record": "The random token of an own record's session; the service keeps only its hash.",
            }
        ),
    ),
    Place(
        "office cookies",
        "a staff member's browser, until it closes",
        Kept("session", "Lets staff who signed in go on.", "security", ("service",)),
        MappingProxyType(
            {
                "__Host-office": "The session's random token; the service keeps only its hash.",
                "__Host-office-step": "The same, between the password and the second step.",
                "__Host-office-form": "A secret against forged forms.",
            }
        ),
    ),
    Place(
        "link to set up an account",
        "with the member of staff, whom an administrator gave it to",
        Kept("account", "Opens the page that sets up or resets, once and for a day.", "security", ("administrator",)),
        MappingProxyType({"nonce": "Signed and dated; the service keeps only its hash."}),
    ),
    Place(
        "link to go on later",
        "with the resident, who was shown it",
        Kept("draft", "Opens the draft again on the same or another device.", "security", ("resident",)),
        MappingProxyType(
            {
                "secret": "Signed and dated; finds the link's row, and opens it only with the code. No copy is kept.",
                "code": "Shown beside the link, to be written down apart from it. No copy is kept.",
            }
        ),
    ),
    Place(
        "vouching page",
        "a voucher's browser, while the page is open",
        Kept("vouching-page", "Lets a voucher swear for whom they were shown.", "security", ("resident",)),
        MappingProxyType(
            {"page": "Two rows' random ids and a keyed hash of the code, signed and dated; the service keeps no copy."}
        ),
    ),
)
"""Every store outside the database. The Municipal ID registry is another body's service and lists its own."""
