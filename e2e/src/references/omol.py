"""Reads molecules as JSON, prints the input that fairchem-data-omol's recipe for a single point writes by quacc for each."""

import json
import sys
import tempfile
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
from ase import Atoms
from fairchem.data.omol.orca import recipes
from quacc.recipes.orca._base import prep_calculator

caught = {}


def catch(atoms, **kwargs):
    caught.clear()
    caught.update(kwargs)


recipes.run_and_summarize = catch
answers = []
for one in json.load(sys.stdin):
    atoms = Atoms(one["species"], positions=one["positions"])
    recipes.single_point_calculation(atoms, one["charge"], one["multiplicity"], nprocs=4)
    asked = {key: value for key, value in caught.items() if key != "copy_files"}
    with tempfile.TemporaryDirectory() as folder:
        calc = prep_calculator(**asked)
        calc.template.write_input(calc.profile, Path(folder), atoms, calc.parameters, ["energy", "forces"])
        answers.append((Path(folder) / "orca.inp").read_text())
print(json.dumps(answers))
