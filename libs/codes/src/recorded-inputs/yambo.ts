/** Variables of an input of YAMBO: words alone have no values; numbers with units are brought to eV. */
export type Variables = ReadonlyMap<string, readonly (string | number)[]>

const EV: Readonly<Record<string, number>> = {
  ev: 1,
  ry: 13.605693122994,
  ha: 27.211386245988,
  mha: 0.027211386245988,
  mev: 0.001,
}

/** `NGsBlkXp= 3 Ry`, `% BndsRnXp` with a row below, `gw0`. */
export function variablesOf(text: string): Variables {
  const found = new Map<string, (string | number)[]>()
  let open: string | null = null
  for (const line of text.split('\n').map((one) => one.replace(/#.*$/, '').trim())) {
    const [, heading] = /^% ?(\w+)$/.exec(line) ?? []
    if (heading !== undefined) {
      found.set(heading, [])
      open = heading
    } else if (line === '%') open = null
    else if (open !== null && line !== '') found.get(open)?.push(...valuesOf(line.split('|')))
    else if (line.includes('=')) found.set(line.slice(0, line.indexOf('=')).trim(), valuesOf([line.slice(line.indexOf('=') + 1)]))
    else if (/^\w+$/.test(line)) found.set(line, [])
  }
  return found
}

function valuesOf(parts: readonly string[]): (string | number)[] {
  const unit = EV[parts.at(-1)?.trim().toLowerCase() ?? '']
  const values = (unit === undefined ? parts : parts.slice(0, -1)).map((part) => part.trim()).filter((part) => part !== '')
  return values.map((value) => {
    const [, number, word = ''] = /^(-?[\d.]+(?:[eE][+-]?\d+)?)\s*([A-Za-z]*)$/.exec(value) ?? []
    if (number === undefined) return value.replaceAll('"', '').toLowerCase()
    const own = EV[word.toLowerCase()]
    return word === '' || own !== undefined ? Number(number) * (own ?? unit ?? 1) : `${number} ${word}`
  })
}

/** How a run is shared out, what has a default that we leave alone, and words that only say what is written in full elsewhere. */
const LEFT_OUT =
  /^(?:\w+_(?:Threads|CPU|ROLEs)|\w+_nCPU_\w+|VXCRLvcs|BoseTemp|NonPDirs|XTermEn|XTermKind|GTermEn|GTermKind|DrudeWBS|DrudeWX\w*|BSEEhEny|BSEmod|Gauge|StdoHash|ElecTemp|PAR_def_mode|EXXRLvcs|rim_cut|FFTGvecs|QPerange)$/

/** What the recorded input says, and ours does not. */
export const differences = (recorded: Variables, rendered: Variables): readonly string[] =>
  [...recorded].flatMap(([name, values]) => {
    // an empty text (`Chimod= ""`) is a default
    if (LEFT_OUT.test(name) || (values.length === 1 && values[0] === '')) return []
    const others = rendered.get(name)
    const same =
      others !== undefined &&
      values.length === others.length &&
      values.every((value, i) => {
        const other = others[i]
        return typeof value === 'number' && typeof other === 'number'
          ? Math.abs(value - other) <= 1e-5 * Math.max(1, Math.abs(value))
          : value === other
      })
    return same ? [] : [`${name}: ${values.join(' ')} became ${others?.join(' ') ?? 'nothing'}`]
  })

const numbers = (variables: Variables, name: string): readonly number[] =>
  (variables.get(name) ?? []).filter((value) => typeof value === 'number')
const RYDBERG = 13.605693122994

/** How YAMBO calls the response that a calculation builds on, and where it says the field's direction. */
const NAMES = {
  gw: { suffix: 'Xp', direction: 'LongDrXp' },
  cohsex: { suffix: 'Xs', direction: 'LongDrXs' },
  ip: { suffix: 'Xd', direction: 'LongDrXd' },
  bse: { suffix: 'Xs', direction: 'BLongDir' },
} as const

function calculationOf(recorded: Variables): keyof typeof NAMES | null {
  if (recorded.has('bse')) return 'bse'
  if (recorded.has('gw0') && recorded.has('ppa')) return 'gw'
  if (recorded.has('gw0') && recorded.has('cohsex')) return 'cohsex'
  return recorded.has('optics') && recorded.has('chi') && recorded.get('Chimod')?.[0] === 'ip' ? 'ip' : null
}

/** Our parameters for a recorded run of GW with the plasmon-pole model, of COHSEX, of independent particles or of BSE by diagonalisation; null for any other. */
export function parametersOf(recorded: Variables): Readonly<Record<string, unknown>> | null {
  const calculation = calculationOf(recorded)
  if (calculation === null) return null
  const { suffix, direction: along } = NAMES[calculation]
  const one = (name: string): number | undefined => numbers(recorded, name)[0]
  const rydberg = (name: string): number | undefined => ((ev) => (ev === undefined ? undefined : ev / RYDBERG))(one(name))
  const last = (name: string): number | undefined => numbers(recorded, name)[1]
  const bands = numbers(recorded, 'BSEBands')
  const direction = numbers(recorded, along)
  const states = numbers(recorded, 'QPkrange')
  const [scissor] = numbers(recorded, 'KfnQP_E')
  const energies = numbers(recorded, calculation === 'ip' ? 'EnRngeXd' : 'BEnRange')
  const damping = { gw: one('GDamping'), cohsex: one('DmRngeXs'), ip: one('DmRngeXd'), bse: one('BDmRange') }
  const asked: Record<string, unknown> = {
    calculation,
    pw: { cutoffRydberg: 40, kMesh: [4, 4, 4] },
    bandCount: Math.max(
      20,
      last('BndsRnXp') ?? 0,
      last('GbndRnge') ?? 0,
      last('BndsRnXs') ?? 0,
      last('BndsRnXd') ?? 0,
      ...states.slice(2),
      ...bands,
    ),
    exchangeCutoffRydberg: rydberg('EXXRLvcs') ?? rydberg('BSENGexx') ?? 30,
    screeningCutoffRydberg: rydberg(calculation === 'bse' ? 'BSENGBlk' : `NGsBlk${suffix}`),
    screeningBandCount: last(`BndsRn${suffix}`),
    selfEnergyBandCount: last('GbndRnge'),
    plasmonPoleEv: one('PPAPntXp'),
    quasiparticles: states.length === 4 ? [{ kPoints: states.slice(0, 2), bands: states.slice(2) }] : undefined,
    transitionBands: bands.length === 2 ? bands : undefined,
    scissorEv: scissor,
    energyRangeEv: energies.length === 2 ? energies : undefined,
    energySteps: one(calculation === 'ip' ? 'ETStpsXd' : 'BEnSteps'),
    dampingEv: damping[calculation],
    fieldDirection: direction.length === 3 ? direction : undefined,
  }
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
}

/** The input that a file is, or that a report repeats at its end; null where there is none. */
export function inputIn(text: string): string | null {
  if (!/^ ?\| /m.test(text)) return /^\s*(?:gw0|bse|chi)\b/m.test(text) ? text : null
  const lines = text.split('\n').flatMap((line) => /^ ?\| ?(.*)$/.exec(line)?.slice(1) ?? [])
  const begin = lines.findIndex((line) =>
    /^(?:HF_and_locXC|em1d|em1s|ppa|gw0|bss|optics|chi|bse|bsk|rim_cut|cohsex)\b/.test(line),
  )
  return begin === -1 ? null : lines.slice(begin).join('\n')
}
