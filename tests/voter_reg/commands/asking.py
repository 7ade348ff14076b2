"""The command line asked as a script does: answers line by line, refusals in one line and exit code 2."""

import json

from tests.eligibility.grids import MAP_TOML, PARK_LAYER, WARD_LAYER, WARDS, collection, feature, square, write
from voter_reg.cli import main


def small_minneapolis(folder):
    """The smallest map that the pack of Minneapolis can use."""
    toml = MAP_TOML.replace("gridtown", "minneapolis") + WARD_LAYER + PARK_LAYER
    write(folder, toml=toml, wards=WARDS, parks=collection(feature(square(0, 0, 2, 2), park=6)))
    assert main(["map", "build", str(folder), "--out", str(folder / "city.map")]) == 0
    return str(folder / "city.map")


def answers(capsys):
    """What was printed, one JSON object a line."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def refused(capsys, *arguments):
    """The one line on standard error of a command that ends with exit code 2 and says nothing else."""
    assert main([str(argument) for argument in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err
