"""The command line: which command lives where, what each ending is called, and one line for whatever goes wrong.

Exit codes, for scripts:
    0  answered
    1  a clean no: a check failed, the facts are destroyed, an approval is missing
    2  bad use or bad input, with one line on standard error that says what and where
    130  interrupted
"""

from __future__ import annotations

import gc
import importlib.util
import io
import os
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType, ModuleType

import click

from eligibility.errors import BadInput, CleanNo

ANSWERED, NO, BAD, INTERRUPTED = 0, 1, 2, 130

COMMANDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        # command: (module of voter_reg.commands, attribute, what it does)
        "audit": ("audit", "audit_group", "The access log: verify it, export it, sign checkpoints, who looked."),
        "ballot": ("ballots", "ballot_group", "Ballot styles, and which contests one person may vote in."),
        "beat": ("serve", "beat", "Send what was lost and begin what is due, without running jobs."),
        "card": ("cards", "card_group", "Municipal ID cards of the demonstration."),
        "data-inventory": ("inventory", "data_inventory", "Every field that is kept, where, and what for."),
        "db": ("database", "db_group", "Bring the database to this version's tables, or check it."),
        "demand": ("demands", "demand_group", "Legal demands: enter them, release their holds, report the year."),
        "demo": ("demo", "demo", "Start the demonstration city: portal, office, registry and worker."),
        "election": ("elections", "election_group", "Elections: create, publish, suspend, show."),
        "keys": ("keys", "keys_group", "The master key and the keystore file."),
        "map": ("maps", "map_group", "Build, describe and ask a city's district map."),
        "matches": ("matches", "matches_group", "Records that may be one person's, for a reviewer."),
        "pack": ("packs", "pack_group", "A place's rules: list, show, check, table."),
        "paper": ("papers", "paper_group", "Blank forms; check a paper that the city signed, list its keys."),
        "purge": ("purge", "purge", "Remove what is past its clock; prints the certificate."),
        "request": ("requests", "request_group", "What waits for two officers' approval."),
        "roster": ("rosters", "roster_group", "Freeze an election's roster and export its poll books."),
        "serve": ("serve", "serve_group", "Serve the portal or the office."),
        "staff": ("staff", "staff_group", "Accounts of staff: invite, list, disable, reset."),
        "tag": ("elections", "tag", "Tag every voter with the contests of an election."),
        "voter": ("voters", "voter_group", "One registrant at the counter: renew."),
        "worker": ("serve", "worker", "Run the jobs: tagging, exports, sweeping."),
    }
)


class LazyGroup(click.Group):
    """A group that imports a command's module when that command is called, so that a look-up never waits for Flask."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command whose module is there."""
        return [name for name in COMMANDS if _spec(COMMANDS[name][0]) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, imported now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        if _spec(module) is None:
            return None
        command = getattr(_imported(f"voter_reg.commands.{module}"), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"voter_reg.commands.{module}.{attribute} is not a command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed, and name the nearest one when there is none."""
        near = get_close_matches(args[0], COMMANDS, n=1) if args and args[0] not in COMMANDS else []
        if near:
            raise click.UsageError(f"no such command '{args[0]}'; did you mean '{near[0]}'?", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table above, without importing one of them."""
        if rows := [(name, COMMANDS[name][2]) for name in self.list_commands(ctx)]:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def _imported(name: str) -> ModuleType:
    """A module, imported without a search for garbage: what imports make stays, and searching it takes a tenth more."""
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        gc.enable()


def _spec(module: str) -> object | None:
    return importlib.util.find_spec(f"voter_reg.commands.{module}")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="voter-reg", message="voter-reg %(version)s")
def root() -> None:
    """Municipal voter registration: who may vote in which city contest, and the rosters to run them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `voter-reg` with `argv` (the process's own arguments when None) and return its exit code.

    Never ends in a traceback unless VOTER_REG_DEBUG=1 asks for one.
    """
    _speak_utf8()
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        # Not `root.main()`: click would end the process itself and call a closed pipe a clean no.
        with root.make_context("voter-reg", words) as context:
            root.invoke(context)
        sys.stdout.flush()
    except BaseException as event:  # noqa: BLE001 - the one place where every ending gets its code
        return _ending(event)
    return ANSWERED


def _ending(event: BaseException) -> int:
    """The exit code of an ending that is not a plain return, told in at most one line."""
    if isinstance(event, click.exceptions.Exit):
        return event.exit_code
    if isinstance(event, SystemExit):
        return _exit_code(event)
    if isinstance(event, KeyboardInterrupt | click.Abort):
        return INTERRUPTED
    if isinstance(event, BrokenPipeError):
        _close_quietly()
        return ANSWERED
    if os.environ.get("VOTER_REG_DEBUG") == "1":
        raise event
    code, line = _code_and_line(event)
    if line:
        click.echo(" ".join(line.split()), err=True)
    return code


def _code_and_line(event: BaseException) -> tuple[int, str]:
    if isinstance(event, CleanNo):
        return NO, str(event)
    return BAD, _line(event)


def _line(event: BaseException) -> str:
    match event:
        case click.exceptions.NoArgsIsHelpError():
            return f"{_command_path(event)}: say which command; --help lists them"
        case click.UsageError():
            return f"{_command_path(event)}: {event.format_message()}"
        case click.ClickException():
            return f"voter-reg: {event.format_message()}"
        case BadInput():
            return str(event)
        case OSError():
            return f"{event.filename}: {event.strerror}" if event.filename else f"voter-reg: {event}"
    # The message of an unforeseen error may hold a person's data, so only its kind is shown.
    return f"voter-reg: this should not happen ({type(event).__name__}); VOTER_REG_DEBUG=1 shows where"


def _command_path(event: click.UsageError) -> str:
    return event.ctx.command_path if event.ctx else "voter-reg"


def _exit_code(event: SystemExit) -> int:
    if event.code is None:
        return ANSWERED
    if isinstance(event.code, int):
        return event.code
    click.echo(event.code, err=True)
    return BAD


def _speak_utf8() -> None:
    """Names and streets come in every script, whatever the terminal's locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _close_quietly() -> None:
    """Leave nothing for the interpreter to flush into a pipe that nobody reads."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open until the process ends
