"""Prints, as JSON, what SeeK-path says of its own example of every extended Bravais lattice, with and without inversion, as
it stands and as a primitive cell with other vectors, turned in space."""

import json
import os
import warnings

import numpy as np
import seekpath
import spglib
from ase.geometry import cellpar_to_cell
from ase.io import read

warnings.simplefilter("ignore")
DATA = os.path.join(os.path.dirname(seekpath.__file__), "hpkot", "band_path_data")
UNIMODULAR = np.array([[1, 1, 0], [0, 1, 1], [0, 0, 1]])
ANGLE = 0.7
AXIS = np.array([1.0, 2.0, 3.0]) / np.sqrt(14.0)
CROSS = np.array([[0, -AXIS[2], AXIS[1]], [AXIS[2], 0, -AXIS[0]], [-AXIS[1], AXIS[0], 0]])
TURN = np.eye(3) + np.sin(ANGLE) * CROSS + (1 - np.cos(ANGLE)) * CROSS @ CROSS


def asked(name, cell, positions, numbers):
    structure = (np.array(cell), np.array(positions), list(numbers))
    out = {"name": name, "lattice": np.array(cell).tolist(), "positions": (np.array(positions) @ np.array(cell)).tolist()}
    out["numbers"] = [int(n) for n in numbers]
    for reversal in (True, False):
        primitive = seekpath.get_path(structure, with_time_reversal=reversal)
        given = seekpath.get_path_orig_cell(structure, with_time_reversal=reversal)
        along = seekpath.get_explicit_k_path_orig_cell(structure, with_time_reversal=reversal, reference_distance=0.1)
        out["reversal" if reversal else "none"] = {
            "extended": primitive["bravais_lattice_extended"],
            "spaceGroup": int(primitive["spacegroup_number"]),
            "path": [list(pair) for pair in primitive["path"]],
            "primitivePoints": {k: [float(x) for x in v] for k, v in primitive["point_coords"].items()},
            "points": {k: [float(x) for x in v] for k, v in given["point_coords"].items()},
            "multiple": int(round(abs(primitive["volume_original_wrt_prim"]))),
            "along": len(along["explicit_kpoints_rel"]),
        }
    return out


cases = []
for name in sorted(os.listdir(DATA)):
    for kind in ("inversion", "noinversion"):
        path = os.path.join(DATA, name, "POSCAR_" + kind)
        if not os.path.exists(path):
            continue
        atoms = read(path, format="vasp")
        cases.append(asked(f"{name} {kind}", atoms.cell[:], atoms.get_scaled_positions(), atoms.numbers))
        whole = seekpath.get_path((atoms.cell[:], atoms.get_scaled_positions(), atoms.numbers))
        lattice = UNIMODULAR @ np.array(whole["primitive_lattice"])
        cartesian = np.array(whole["primitive_positions"]) @ np.array(whole["primitive_lattice"])
        scaled = cartesian @ np.linalg.inv(lattice)
        cases.append(asked(f"{name} {kind}, primitive, turned", lattice @ TURN.T, scaled, whole["primitive_types"]))
# a crystal of every space group: two sets of atoms in general positions, three random cells
random = np.random.default_rng(2026)
first = {}
for hall in range(1, 531):
    first.setdefault(spglib.get_spacegroup_type(hall).number, hall)


def random_cell(number):
    a, b, c = random.uniform(4, 9, 3)
    alpha, beta, gamma = random.uniform(65, 85, 3) + np.where(random.random(3) < 0.5, 30, 0)
    if number > 194:
        return cellpar_to_cell([a, a, a, 90, 90, 90])
    if number > 142:
        return cellpar_to_cell([a, a, c, 90, 90, 120])
    if number > 74:
        return cellpar_to_cell([a, a, c, 90, 90, 90])
    if number > 15:
        return cellpar_to_cell([a, b, c, 90, 90, 90])
    if number > 2:
        return cellpar_to_cell([a, b, c, 90, beta, 90])
    return cellpar_to_cell([a, b, c, alpha, beta, gamma])


for number in range(1, 231):
    ops = spglib.get_symmetry_from_database(first[number])
    for turn in range(3):
        cell = random_cell(number)
        positions, numbers = [], []
        for kind in (8, 14):
            start = random.random(3)
            for rotation, translation in zip(ops["rotations"], ops["translations"]):
                positions.append((rotation @ start + translation) % 1.0)
                numbers.append(kind)
        lattice = UNIMODULAR @ cell
        scaled = np.array(positions) @ cell @ np.linalg.inv(lattice)
        cases.append(asked(f"group {number}, cell {turn + 1}", lattice @ TURN.T, scaled, numbers))
print(json.dumps(cases))
