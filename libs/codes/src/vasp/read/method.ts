import type { Method } from '@crystalmath/contract'
import { toNumbers } from '../../reading/numbers.ts'
import { settingFlag, settingNumber } from './ground-state.ts'
import type { Potential, Settings, VaspRun } from './run.ts'

/** GGA tag → name of the functional (VASP wiki, GGA). */
const GGA: Readonly<Record<string, string>> = {
  CA: 'LDA',
  PZ: 'LDA',
  VW: 'LDA',
  PE: 'PBE',
  PS: 'PBEsol',
  RP: 'RPBE',
  RE: 'revPBE',
  '91': 'PW91',
  AM: 'AM05',
  B3: 'B3LYP',
  B5: 'B3LYP-VWN5',
  BF: 'BEEF',
  OR: 'optPBE',
  BO: 'optB88',
  MK: 'optB86b',
  ML: 'PW86R',
  CX: 'vdW-DF-cx',
  HL: 'Hedin-Lundqvist',
}
/** With LUSE_VDW = T. */
const NONLOCAL: Readonly<Record<string, string>> = {
  RE: 'vdW-DF',
  OR: 'optPBE-vdW',
  BO: 'optB88-vdW',
  MK: 'optB86b-vdW',
  ML: 'vdW-DF2',
  CX: 'vdW-DF-cx',
  PE: 'PBE+rVV10',
}
const DISPERSION: Readonly<Record<number, string>> = {
  1: 'D2',
  10: 'D2',
  11: 'D3(0)',
  12: 'D3(BJ)',
  13: 'D4',
  2: 'TS',
  20: 'TS',
  21: 'TS-HI',
  202: 'MBD@rsSCS',
  263: 'MBD@rsSCS-FI',
  3: 'ulg',
  4: 'dDsC',
}
const META = new Map([
  ['R2SCAN', 'r2SCAN'],
  ['R2SCA', 'r2SCAN'], // VASP 6.1 prints five letters

  ['RSCAN', 'rSCAN'],
  ['R2SCAN01', 'r2SCAN01'],
  ['SCAN', 'SCAN'],
  ['RTPSS', 'revTPSS'],
  ['MBJ', 'mBJ'],
  ['LMBJ', 'lmBJ'],
])

function baseFunctional(settings: Settings, potentials: readonly Potential[]): string | null {
  const meta = (settings.get('METAGGA') ?? '').trim().toUpperCase()
  if (meta !== '' && !meta.startsWith('-') && meta !== 'F' && meta !== 'NONE') return META.get(meta) ?? meta
  const gga = (settings.get('GGA') ?? '').trim().toUpperCase().slice(0, 2)
  if (gga !== '' && gga !== '--') return GGA[gga] ?? gga
  const [title] = potentials.map((potential) => potential.title)
  if (title === undefined) return null
  if (/^PAW_PBE|^US_PBE/.test(title)) return 'PBE'
  if (/^PAW_GGA|^US_GGA/.test(title)) return 'PW91'
  return /^(?:PAW|US|NC|LDA)\b|^PAW_LDA/.test(title) ? 'LDA' : null
}

/** Name of the exchange-correlation treatment; null where neither tags nor POTCAR titles say. */
export function functionalOf(settings: Settings, potentials: readonly Potential[]): string | null {
  const base = baseFunctional(settings, potentials)
  if (settingFlag(settings, 'LHFCALC') === true) return hybridOf(base, settings)
  if (settingFlag(settings, 'LUSE_VDW') !== true) return base
  const gga = (settings.get('GGA') ?? '').trim().toUpperCase().slice(0, 2)
  if (base !== null && /scan/i.test(base)) return `${base}+rVV10`
  return NONLOCAL[gga] ?? (base === null ? null : `${base}+vdW-DF`)
}

function hybridOf(base: string | null, settings: Settings): string {
  const exchange = settingNumber(settings, 'AEXX') ?? 0.25
  const screening = settingNumber(settings, 'HFSCREEN') ?? 0
  if (exchange === 1 && screening === 0) return 'HF'
  if (base?.startsWith('B3LYP')) return base
  const is = (a: number, b: number): boolean => Math.abs(a - b) < 1e-3
  if (base === 'PBE' && is(exchange, 0.25)) {
    if (is(screening, 0)) return 'PBE0'
    if (is(screening, 0.2) || is(screening, 0.207)) return 'HSE06'
    if (is(screening, 0.3)) return 'HSE03'
  }
  if (base === 'PBEsol' && is(exchange, 0.25) && is(screening, 0.2)) return 'HSEsol'
  return `hybrid(${base ?? 'unknown'}, AEXX=${exchange}, HFSCREEN=${screening})`
}

function smearingOf(ismear: number | null): string | null {
  if (ismear === null) return null
  if (ismear === -2) return 'fixed'
  if (ismear === -1) return 'fermi'
  if (ismear === 0) return 'gaussian'
  return ismear > 0 ? 'methfessel-paxton' : 'tetrahedron'
}

function hubbardOf(settings: Settings, potentials: readonly Potential[]): Record<string, number> | null {
  if (settingFlag(settings, 'LDAU') !== true) return null
  const values = toNumbers((settings.get('LDAUU') ?? '').trim())
  const momenta = toNumbers((settings.get('LDAUL') ?? '').trim())
  if (values === null || values.length !== potentials.length) return null
  const rows = potentials.flatMap(({ element }, i): [string, number][] =>
    (momenta?.[i] ?? 0) >= 0 && (values[i] ?? 0) !== 0 ? [[element, values[i] ?? 0]] : [],
  )
  return Object.fromEntries(rows)
}

/** Σ ZVAL − NELECT, e; null where one is unknown. */
function chargeOf(settings: Settings, potentials: readonly Potential[]): number | null {
  const electrons = settingNumber(settings, 'NELECT')
  if (electrons === null || potentials.length === 0) return null
  let valence = 0
  for (const potential of potentials) {
    if (potential.valence === null || potential.atomCount === null) return null
    valence += potential.valence * potential.atomCount
  }
  return Math.round((valence - electrons) * 1e4) / 1e4 + 0
}

/** What was run, from the tags that the output repeats with VASP's defaults filled in. */
export function methodOf(run: VaspRun): Method {
  const { settings, potentials } = run
  const number = (tag: string): number | null => settingNumber(settings, tag)
  const spins = number('ISPIN')
  const noncollinear = settingFlag(settings, 'LNONCOLLINEAR')
  const dispersion = DISPERSION[number('IVDW') ?? 0] ?? (settingFlag(settings, 'LVDW') === true ? 'D2' : null)
  const thresholds: Record<string, number> = {}
  for (const [tag, name] of [
    ['EDIFF', 'electronicEv'],
    ['EDIFFG', 'ionicEdiffg'],
  ] as const) {
    const value = number(tag)
    if (value !== null) thresholds[name] = value
  }
  return {
    functional: functionalOf(settings, potentials),
    dispersion,
    hubbardU: hubbardOf(settings, potentials),
    spinPolarized: spins === null ? null : spins === 2,
    noncollinear,
    spinOrbit: settingFlag(settings, 'LSORBIT'),
    charge: chargeOf(settings, potentials),
    electronCount: number('NELECT'),
    cutoffEv: number('ENCUT') ?? number('ENMAX'),
    kMesh: run.kMesh,
    kPointCount: run.kPointCount,
    bandCount: number('NBANDS'),
    smearing: smearingOf(number('ISMEAR')),
    smearingWidthEv: number('SIGMA'),
    basis: 'plane waves',
    thresholds,
  }
}

/** MAGMOM as written, `2*0.6 2*-5.0`; null where it is no list of numbers. */
export function momentsOf(text: string | undefined): number[] | null {
  const moments: number[] = []
  for (const word of (text ?? '').trim().split(/\s+/)) {
    const [, times, value] = /^(?:(\d+)\*)?([-+.\deE]+)$/.exec(word) ?? []
    const moment = Number(value)
    const count = times === undefined ? 1 : Number(times)
    if (value === undefined || !Number.isFinite(moment) || moments.length + count > MAX_MOMENTS) return null
    for (let i = 0; i < count; i += 1) moments.push(moment)
  }
  return moments
}

const MAX_MOMENTS = 1_000_000
