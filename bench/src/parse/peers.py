# peers.py TASK FILE REPEAT: the CPU seconds that another reader takes for a file, the best of REPEAT, its answer, and its memory; as JSON.
import json, resource, sys, time

task, path, repeat = sys.argv[1], sys.argv[2], int(sys.argv[3])


def pymatgen_vasprun():
    from pymatgen.io.vasp import Vasprun
    return lambda: Vasprun(path, parse_dos=False, parse_eigen=False, parse_potcar_file=False).final_energy


def pymatgen_vasprun_full():
    from pymatgen.io.vasp import Vasprun
    return lambda: Vasprun(path, parse_dos=True, parse_eigen=True, parse_potcar_file=False).final_energy


def pymatgen_outcar():
    from pymatgen.io.vasp import Outcar
    return lambda: Outcar(path).final_energy


def ase_any(steps=-1):
    from ase.io import read
    formats = {'vasprun': 'vasp-xml', 'OUTCAR': 'vasp-out', 'pw.': 'espresso-out', 'dvb': 'orca-output'}
    kind = next(f for key, f in formats.items() if key in path.rsplit('/', 1)[1])
    read_steps = lambda: read(path, index=steps, format=kind)
    return lambda: float((read_steps()[-1] if steps == ':' else read_steps()).get_potential_energy())


def cclib_any():
    import logging, cclib
    return lambda: float(cclib.io.ccopen(path, loglevel=logging.ERROR).parse().scfenergies[-1])


def aiida_pw():
    from aiida_quantumespresso.parsers.parse_raw.pw import parse_stdout
    return lambda: parse_stdout(open(path).read(), {}, None, None)[0].get('energy')


run = {'pymatgen': pymatgen_vasprun, 'pymatgen full': pymatgen_vasprun_full, 'pymatgen Outcar': pymatgen_outcar,
       'ASE': ase_any, 'ASE, all steps': lambda: ase_any(':'), 'cclib': cclib_any, 'aiida': aiida_pw}[task]()
seconds = []
for _ in range(repeat):
    began = time.process_time()
    energy = run()
    seconds.append(time.process_time() - began)
print(json.dumps({'seconds': min(seconds), 'energy': energy,
                  'rssMebibytes': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
