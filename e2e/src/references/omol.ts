import { writesOf } from '@crystalmath/codes'
import { ClusterCode, JobRequest, Resources, type Structure } from '@crystalmath/contract'
import { askPython, type Compared, referencePython } from './python.ts'

type Molecule = {
  readonly name: string
  readonly species: readonly string[]
  readonly charge: number
  readonly multiplicity: number
}

/** Closed and open shells, ions, metals, lanthanides, the heaviest element that the preset has. */
const MOLECULES: readonly Molecule[] = [
  { name: 'water', species: ['O', 'H', 'H'], charge: 0, multiplicity: 1 },
  { name: 'oxygen', species: ['O', 'O'], charge: 0, multiplicity: 3 },
  { name: 'hydroxide', species: ['O', 'H'], charge: -1, multiplicity: 1 },
  { name: 'ammonium', species: ['N', 'H', 'H', 'H', 'H'], charge: 1, multiplicity: 1 },
  { name: 'nitrogen monoxide', species: ['N', 'O'], charge: 0, multiplicity: 2 },
  { name: 'iron(II)', species: ['Fe', 'O', 'H', 'H'], charge: 2, multiplicity: 5 },
  { name: 'silver chloride', species: ['Ag', 'Cl'], charge: 0, multiplicity: 1 },
  { name: 'cerium trifluoride', species: ['Ce', 'F', 'F', 'F'], charge: 0, multiplicity: 2 },
  { name: 'gadolinium(III)', species: ['Gd', 'O', 'H', 'H'], charge: 3, multiplicity: 8 },
  { name: 'gold hydride', species: ['Au', 'H'], charge: 0, multiplicity: 1 },
  { name: 'lead(II)', species: ['Pb', 'O', 'H', 'H'], charge: 2, multiplicity: 1 },
  { name: 'radon', species: ['Rn'], charge: 0, multiplicity: 1 },
]
const positionsOf = ({ species }: Molecule): [number, number, number][] =>
  species.map((_, atom) => [0.1 * atom * atom, 0.3 * atom, 1.4 * atom])

/** The preset omol25 against fairchem-data-omol: every word of the simple line, every setting of every block, atoms. */
export function compareOmol(say: (line: string) => void): Compared {
  const sent = MOLECULES.map((one) => ({ ...one, positions: positionsOf(one) }))
  const answers = askPython(referencePython(say), 'omol.py', sent) as readonly string[]
  let different = 0
  for (const [index, molecule] of MOLECULES.entries()) {
    const [ours, theirs] = [settingsIn(rendered(molecule)), settingsIn(answers[index] ?? '')]
    const faults = [
      ...ours.filter((one) => !theirs.includes(one)).map((one) => `only ours: ${one}`),
      ...theirs.filter((one) => !ours.includes(one)).map((one) => `only there: ${one}`),
    ]
    if (faults.length > 0) different += 1
    say(`${faults.length === 0 ? 'same' : 'DIFFERENT'}  omol25: ${molecule.name}: ${theirs.length} settings`)
    for (const fault of faults) say(`    ${fault}`)
  }
  return { cases: MOLECULES.length, different }
}

function rendered(molecule: Molecule): string {
  const { charge, multiplicity } = molecule
  const structure: Structure = { latticeAngstrom: null, species: [...molecule.species], positionsAngstrom: positionsOf(molecule) }
  const parameters = { preset: 'omol25', charge, multiplicity }
  const extraFiles = [{ path: 'def2-tzvpd.bas', text: 'the file of the package' }]
  const request = JobRequest.parse({
    project: 'trials',
    cluster: 'none',
    code: 'orca',
    parameters,
    resources: { ranks: 4 },
    extraFiles,
  })
  const inventory = {
    ...{ checkedAt: '2026-01-01T00:00:00Z', schedulerVersion: null, partitions: [], maxArraySize: null, minJobAgeSeconds: null },
    ...{
      killWaitSeconds: null,
      accounting: true,
      clockOffsetSeconds: 0,
      freeMebibytes: null,
      findings: [],
      pseudopotentials: {},
    },
  }
  const prepared = writesOf('orca')?.prepare({
    request,
    structure,
    parameters,
    resources: Resources.parse(request.resources),
    clusterCode: ClusterCode.parse({}),
    inventory,
    restart: null,
  })
  if (prepared?.ok !== true) throw new Error(JSON.stringify(prepared))
  return prepared.preparation.files[0]?.text ?? ''
}

/** One text per word, per setting of a block, per atom; letter case and the order of blocks mean nothing to ORCA. */
function settingsIn(input: string): readonly string[] {
  const text = input.toLowerCase().replace(/%base "[^"]*"/, '')
  const words = [...text.matchAll(/^!(.*)$/gm)].flatMap(([, line = '']) => line.trim().split(/\s+/)).map((word) => `! ${word}`)
  const blocks = [...text.matchAll(/%(\w+)\s+([\s\S]*?)\bend\b/g)].flatMap(([, name = '', body = '']) =>
    [...body.matchAll(/(print\[\w+\]|[\w]+)\s+("[^"]*"|\S+)/g)].map(([, key, value]) => `%${name} ${key} ${value}`),
  )
  const [, charge, multiplicity, rows = ''] = /\*\s*xyz\s+(-?\d+)\s+(\d+)\s*\n([\s\S]*?)\*/.exec(text) ?? []
  const atoms = rows
    .trim()
    .split('\n')
    .map((row) => {
      const [symbol, ...xyz] = row.trim().split(/\s+/)
      return `${symbol} ${xyz.map((value) => Number(value).toFixed(6)).join(' ')}`
    })
  return [...new Set([...words, ...blocks, ...atoms, `charge ${charge}`, `multiplicity ${multiplicity}`])].sort()
}
