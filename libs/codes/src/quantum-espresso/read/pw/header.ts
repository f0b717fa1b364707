import { detached } from '../../../reading/hits.ts'
import { toNumber } from '../../../reading/numbers.ts'
import type { Beginnings, Eater } from '../line-reader.ts'
import { vectorOf } from '../units.ts'
import { afterSign, countIn, elementOf, numberAfter } from '../words.ts'
import type { Header, PwState } from './state.ts'

const MIB: Readonly<Record<string, number>> = { KB: 1 / 1024, MB: 1, GB: 1024, TB: 1_048_576 }

/** `Estimated max dynamical RAM per process >     259.65 MB` in MiB. */
function memoryIn(line: string): number | null {
  const [, amount, unit = 'MB'] = />\s*(\S+?)\s*([KMGT]B)/i.exec(line) ?? []
  const value = toNumber(amount)
  return value === null ? null : value * (MIB[unit.toUpperCase()] ?? 1)
}

/** What `pw.x` echoes of its input and finds out before the first iteration. */
export const headerBeginnings: Beginnings<PwState> = [
  [
    'number of atoms/cell',
    (line, { header }) => {
      header.atomCount = numberAfter(line)
    },
  ],
  ['number of electrons ', (line, { header }) => onElectrons(line, header)],
  [
    'number of Kohn-Sham states',
    (line, { header }) => {
      header.bandCount = numberAfter(line)
    },
  ],
  ['number of k points=', (line, state) => onKPoints(line, state)],
  [
    'kinetic-energy cutoff',
    (line, { header }) => {
      header.cutoffRy = numberAfter(line)
    },
  ],
  [
    'kinetic-energy cut-off',
    (line, { header }) => {
      header.cutoffRy = numberAfter(line)
    },
  ],
  [
    'charge density cut-off',
    (line, { header }) => {
      header.densityCutoffRy = numberAfter(line)
    },
  ],
  [
    'charge density cutoff',
    (line, { header }) => {
      header.densityCutoffRy = numberAfter(line)
    },
  ],
  [
    'convergence threshold',
    (line, { header }) => {
      header.convThresholdRy ??= numberAfter(line)
    },
  ],
  [
    'scf convergence threshold',
    (line, { header }) => {
      header.convThresholdRy ??= numberAfter(line)
    },
  ],
  [
    'energy convergence thresh.',
    (line, { header }) => {
      header.energyThresholdRy = numberAfter(line)
    },
  ],
  [
    'force convergence thresh.',
    (line, { header }) => {
      header.forceThresholdRy = numberAfter(line)
    },
  ],
  ['Exchange-correlation', (line, { header }) => onFunctional(line, header)],
  [
    'EXX-fraction',
    (line, { header }) => {
      header.exactExchangeFraction = numberAfter(line)
    },
  ],
  ['Noncollinear calculation', (line, { header }) => onNoncollinear(line, header)],
  ['Non magnetic calculation with spin-orbit', (line, { header }) => onNoncollinear(line, header)],
  [
    'Starting magnetic structure',
    (_, { header }) => {
      header.spinPolarized = true
    },
  ],
  ['atomic species   valence', (_, { header }) => valences(header)],
  ['PseudoPot. #', (line, { header }) => onPseudopotential(line, header)],
  ['MD5 check sum:', (line, { header }) => onHash(line, header)],
  [
    'Estimated max dynamical RAM',
    (line, { header }) => {
      header.maxMemoryMib = memoryIn(line)
    },
  ],
  [
    'Estimated total dynamical RAM',
    (line, { header }) => {
      header.totalMemoryMib = memoryIn(line)
    },
  ],
  [
    'Estimated total allocated dynamical RAM',
    (line, { header }) => {
      header.totalMemoryMib = memoryIn(line)
    },
  ],
  [
    'Parameters for Dispersion Correction',
    (_, { header }) => {
      header.dispersion ??= 'DFT-D2'
    },
  ],
  [
    'Parameters for DFT-D2',
    (_, { header }) => {
      header.dispersion ??= 'DFT-D2'
    },
  ],
  [
    'DFT-D3 Dispersion Correction',
    (_, { header }) => {
      header.dispersion ??= 'DFT-D3'
    },
  ],
  [
    'DFT-D3 dispersion correction',
    (_, { header }) => {
      header.dispersion ??= 'DFT-D3'
    },
  ],
  [
    'TS-vdW initialization',
    (_, { header }) => {
      header.dispersion ??= 'TS'
    },
  ],
  [
    'mbdlib:',
    (_, { header }) => {
      header.dispersion = 'MBD'
    },
  ],
  [
    '* XDM dispersion',
    (_, { header }) => {
      header.dispersion ??= 'XDM'
    },
  ],
  ['Simplified LDA+U calculation', (_, { header }) => hubbardTable(header)],
  ['Full LDA+U calculation', (_, { header }) => hubbardTable(header)],
  ['Hubbard projectors:', (_, { header }) => hubbardList(header)],
]

function onElectrons(line: string, header: Header): undefined {
  header.electronCount = numberAfter(line)
  const [, up, down] = /up:\s*([\d.]+).*down:\s*([\d.]+)/.exec(line) ?? []
  const pair = [toNumber(up), toNumber(down)] as const
  if (pair[0] !== null && pair[1] !== null) {
    header.electronsUpDown = [pair[0], pair[1]]
    header.spinPolarized = true
  }
}

/** Old releases call the smearing `gaussian broad.`, `gaussian smearing` and so on; newer ones by name. */
const SMEARINGS: readonly (readonly [RegExp, string])[] = [
  [/tetrahedr/i, 'tetrahedron'],
  [/Fermi-Dirac/i, 'fermi'],
  [/Marzari-Vanderbilt|cold/i, 'cold'],
  [/Methfessel-Paxton/i, 'methfessel-paxton'],
  [/gaussian/i, 'gaussian'],
]

const OLD_SMEARINGS: Readonly<Record<string, string>> = { '0': 'gaussian', '-1': 'cold', '-99': 'fermi' }

function onKPoints(line: string, { header, full }: PwState): Eater | undefined {
  header.kPointCount = countIn(afterSign(line))
  header.smearing = SMEARINGS.find(([says]) => says.test(line))?.[1] ?? null
  // gaussian broad. (Ry)=  0.0500     ngauss =   1
  const order = /ngauss\s*=\s*(-?\d+)/.exec(line)?.[1]
  if (order !== undefined) header.smearing = OLD_SMEARINGS[order] ?? 'methfessel-paxton'
  header.smearingWidthRy = header.smearing === null ? null : toNumber(/\(Ry\)\s*=\s*(\S+)/.exec(line)?.[1])
  header.kPoints = []
  header.kWeightSum = 0
  return kList(header, full)
}

const K_POINT = /k\(\s*(?:\d+|\*+)\)\s*=\s*\(\s*(\S+)\s+(\S+)\s+(\S+)\s*\),\s*wk\s*=\s*(\S+)/

function kList(header: Header, full: boolean): Eater {
  return (line) => {
    const [, x, y, z, wk] = K_POINT.exec(line) ?? []
    const k = vectorOf([x, y, z].map(toNumber))
    const weight = toNumber(wk)
    if (k === null || weight === null) return header.kWeightSum === 0 && /cart\. coord|^\s*$/.test(line)
    if (full) header.kPoints.push({ k, weight })
    header.kWeightSum += weight
    return true
  }
}

/** Old releases, and LDA ever since, name the parts (exchange, correlation and their gradient corrections) instead of the functional. */
const FUNCTIONALS: Readonly<Record<string, string>> = {
  'SLA PZ NOGX NOGC': 'PZ',
  'SLA PW NOGX NOGC': 'PW',
  'SLA PW PBX PBC': 'PBE',
  'SLA PW PBE PBE': 'PBE',
  'SLA PW PSX PSC': 'PBESOL',
  'SLA PW RPB PBC': 'REVPBE',
  'SLA PW HHNX PBC': 'RPBE',
  'SLA PW GGX GGC': 'PW91',
  'B88 P86': 'BP',
  'SLA LYP B88 BLYP': 'BLYP',
}

const functionalName = (name: string): string => {
  const words = name.replaceAll(/\s+/g, ' ')
  return FUNCTIONALS[words] ?? words
}

function onFunctional(line: string, header: Header): undefined {
  const name = afterSign(line).replace(/\(.*$/, '').trim()
  if (name !== '') header.functional = detached(functionalName(name))
}

function onNoncollinear(line: string, header: Header): undefined {
  header.noncollinear = true
  header.spinOrbit = /with spin-orbit/.test(line)
}

/** `        Si             4.00    28.08500     Si( 1.00)`, one line per species. */
function valences(header: Header): Eater {
  return (line) => {
    const [, label, valence] = /^\s*(\S+)\s+(\d+\.\d+)\s+\d/.exec(line) ?? []
    const value = toNumber(valence)
    if (label === undefined || value === null) return false
    header.valences[detached(label)] = value
    return true
  }
}

function onPseudopotential(line: string, header: Header): Eater {
  const [, label = ''] = /for\s+(\S+)\s+read from file/.exec(line) ?? []
  const element = elementOf(label) ?? detached(label)
  const inline = /read from file:?\s+(\S.*\S)/.exec(line)?.[1]
  const add = (path: string): void => {
    const title = detached(path.slice(path.lastIndexOf('/') + 1))
    if (header.pseudopotentials.some((other) => other.element === element && other.title === title)) return
    header.pseudopotentials.push({ element, title, hash: null })
  }
  if (inline !== undefined) add(inline)
  let first = inline === undefined
  return (next) => {
    if (!first) return false
    first = false
    add(next.trim())
    return true
  }
}

function onHash(line: string, { pseudopotentials }: Header): undefined {
  const hash = /([0-9a-f]{32})/.exec(line)?.[1]
  const last = pseudopotentials.at(-1)
  if (hash !== undefined && last !== undefined) last.hash ??= detached(hash)
}

/** Releases up to 6.8: `atomic species    L          U    alpha       J0     beta`, then one line per species, eV. */
function hubbardTable({ hubbardU }: Header): Eater {
  let rows = 0
  return (line) => {
    const [, label, u] = /^\s+([A-Za-z]\S*)\s+\d\s+(\S+)\s/.exec(line) ?? []
    const value = toNumber(u)
    if (label !== undefined && value !== null) {
      hubbardU[elementOf(label) ?? detached(label)] = value
      rows += 1
      return true
    }
    return rows === 0 && (line.trim() === '' || line.includes('atomic species'))
  }
}

/** Releases from 7.1: `Hubbard parameters of DFT+U (Dudarev formulation) in eV:`, then `U(Fe-3d)  =  4.6000`. */
function hubbardList({ hubbardU }: Header): Eater {
  let rows = 0
  return (line) => {
    const [, label, u] = /^\s*U\(\s*([A-Za-z]+)\S*\)\s*=\s*(\S+)/.exec(line) ?? []
    const value = toNumber(u)
    if (label !== undefined && value !== null) {
      hubbardU[elementOf(label) ?? detached(label)] = value
      rows += 1
      return true
    }
    return /^\s*[A-Z]\w*\(|^\s*(?:alpha|beta)\(/.test(line) || (rows === 0 && (line.trim() === '' || /Hubbard|DFT\+U/.test(line)))
  }
}
