"""Reads structures as JSON, prints what atomate2, pymatgen and quacc render for each: INCAR, KPOINTS, POTCAR variants."""

import json
import os
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")
os.environ["QUACC_VASP_USE_CUSTODIAN"] = "False"

import numpy as np
from ase import Atoms
from atomate2.vasp.jobs.matpes import MatPesGGAStaticMaker
from atomate2.vasp.jobs.mp import MPGGARelaxMaker
from pymatgen.core import Lattice, Structure
from pymatgen.io.vasp import Incar, Kpoints, Poscar

LIBRARY = tempfile.mkdtemp()
os.environ["VASP_PP_PATH"] = LIBRARY
os.environ["QUACC_VASP_PP_PATH"] = LIBRARY


def plain(value):
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(one) for one in value]
    if isinstance(value, (int, float, np.number)):
        return float(value)
    return str(value)


def by_element(incar, symbols, species):
    """Lists by element and by atom no longer depend on the order in which atoms are written."""
    out = {}
    for key, value in incar.items():
        if key.startswith("LDAU") and isinstance(value, (list, tuple)):
            value = dict(zip(symbols, plain(value)))
        elif key == "MAGMOM":
            lists = {}
            for symbol, moment in zip(species, plain(value)):
                lists.setdefault(symbol, []).append(moment)
            value = lists
        else:
            value = plain(value)
        out[key] = value
    return out


def mesh_of(kpoints):
    if kpoints is None:
        return None
    return {"mesh": [int(k) for k in kpoints.kpts[0]], "gamma": kpoints.style.name.lower() == "gamma"}


def from_maker(maker, structure):
    made = maker.input_set_generator.get_input_set(structure, potcar_spec=True)
    symbols = made["POSCAR"].site_symbols
    species = [site.specie.symbol for site in made["POSCAR"].structure]
    potcar = made["POTCAR.spec"].split("\n")
    incar = by_element(made["INCAR"], symbols, species)
    return {"incar": incar, "kpoints": mesh_of(made.get("KPOINTS")), "variants": dict(zip(symbols, potcar))}


def from_quacc(atoms, defaults):
    from quacc.calculators.vasp import Vasp

    calc = Vasp(atoms.copy(), preset="DefaultSetGGA", **defaults)
    setups = calc.user_calc_params["setups"]
    variants = {symbol: symbol + setups.get(symbol, "") for symbol in dict.fromkeys(atoms.get_chemical_symbols())}
    for variant in variants.values():
        folder = os.path.join(LIBRARY, "potpaw_PBE.64", variant)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "POTCAR"), "w") as file:
            file.write("data set\n")
    with tempfile.TemporaryDirectory() as folder:
        calc.directory = folder
        calc.write_input(calc.input_atoms)
        poscar = Poscar.from_file(os.path.join(folder, "POSCAR"), check_for_potcar=False)
        species = [site.specie.symbol for site in poscar.structure]
        incar = by_element(Incar.from_file(os.path.join(folder, "INCAR")), poscar.site_symbols, species)
        kpoints = Kpoints.from_file(os.path.join(folder, "KPOINTS"))
    return {"incar": incar, "kpoints": mesh_of(kpoints), "variants": variants}


STATIC = {"laechg": True, "lcharg": True, "lreal": False, "lwave": True, "nedos": 3001, "nsw": 0}
RELAX = {"ediffg": -0.02, "ibrion": 2, "isym": 0, "lcharg": False, "lwave": False, "nsw": 200, "symprec": 1e-6}

answers = []
for one in json.load(sys.stdin):
    structure = Structure(Lattice(one["lattice"]), one["species"], one["positions"], coords_are_cartesian=True)
    atoms = Atoms(one["species"], positions=one["positions"], cell=one["lattice"], pbc=True)
    if one["moments"] is not None:
        structure.add_site_property("magmom", one["moments"])
        atoms.set_initial_magnetic_moments(one["moments"])
    answers.append(
        {
            "mp-gga-relax vc-relax": from_maker(MPGGARelaxMaker(), structure),
            "matpes-pbe-static static": from_maker(MatPesGGAStaticMaker(), structure),
            "DefaultSetGGA static": from_quacc(atoms, STATIC),
            "DefaultSetGGA relax": from_quacc(atoms, RELAX | {"isif": 2}),
            "DefaultSetGGA vc-relax": from_quacc(atoms, RELAX | {"isif": 3}),
        }
    )
print(json.dumps(answers))
