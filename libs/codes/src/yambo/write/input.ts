import type { YamboSettings } from './settings.ts'

const pair = (name: string, [from, to]: readonly [number, number], unit = ''): readonly string[] => [
  `% ${name}`,
  ` ${from} | ${to} |${unit === '' ? '' : ` ${unit}`}`,
  '%',
]
const direction = (name: string, values: readonly number[]) => [`% ${name}`, ` ${values.join(' | ')} |`, '%']
const states = ({ quasiparticles = [] }: YamboSettings) => [
  '%QPkrange',
  ...quasiparticles.map(({ kPoints, bands }) => `${[...kPoints, ...bands].join('|')}|`),
  '%',
]

/** The text of an input: the words of what is computed, then its variables, with units where YAMBO takes them. */
export function renderYambo(settings: YamboSettings): string {
  return `${RENDERED[settings.calculation](settings).join('\n')}\n`
}

const hartreeFock = (settings: YamboSettings): readonly string[] => [
  'HF_and_locXC',
  `EXXRLvcs= ${settings.exchangeCutoffRydberg} Ry`,
  ...states(settings),
]

/** Coulomb hole and screened exchange: no frequencies, no empty states in the self-energy. */
function cohsex(settings: YamboSettings): readonly string[] {
  const { bandCount, screeningBandCount = bandCount, release } = settings
  return [
    ...['em1s', 'HF_and_locXC', 'gw0', 'cohsex', ...(release === 5 ? ['dyson'] : [])],
    `EXXRLvcs= ${settings.exchangeCutoffRydberg} Ry`,
    'Chimod= "HARTREE"',
    ...pair('BndsRnXs', [1, screeningBandCount]),
    `NGsBlkXs= ${settings.screeningCutoffRydberg} Ry`,
    ...pair('DmRngeXs', [settings.dampingEv, settings.dampingEv], 'eV'),
    ...direction('LongDrXs', settings.fieldDirection),
    ...states(settings),
  ]
}

/** The spectrum of independent particles, in the limit of long waves. */
function independentParticles(settings: YamboSettings): readonly string[] {
  const { bandCount, screeningBandCount = bandCount } = settings
  return [
    ...['optics', 'chi'],
    'Chimod= "IP"',
    ...pair('QpntsRXd', [1, 1]),
    ...pair('BndsRnXd', [1, screeningBandCount]),
    ...pair('EnRngeXd', settings.energyRangeEv, 'eV'),
    ...pair('DmRngeXd', [settings.dampingEv, settings.dampingEv], 'eV'),
    `ETStpsXd= ${settings.energySteps}`,
    ...direction('XfnQP_E', [settings.scissorEv, 1, 1]),
    ...direction('LongDrXd', settings.fieldDirection),
  ]
}

/** One-shot GW with the plasmon-pole model. */
function gw(settings: YamboSettings): readonly string[] {
  const { bandCount, screeningBandCount = bandCount, selfEnergyBandCount = bandCount, release } = settings
  return [
    ...['HF_and_locXC', 'ppa', 'gw0', 'em1d', ...(release === 5 ? ['dyson'] : [])],
    `EXXRLvcs= ${settings.exchangeCutoffRydberg} Ry`,
    'Chimod= "HARTREE"',
    ...pair('BndsRnXp', [1, screeningBandCount]),
    `NGsBlkXp= ${settings.screeningCutoffRydberg} Ry`,
    ...direction('LongDrXp', settings.fieldDirection),
    `PPAPntXp= ${settings.plasmonPoleEv} eV`,
    ...pair('GbndRnge', [1, selfEnergyBandCount]),
    `GDamping= ${settings.dampingEv} eV`,
    'dScStep= 0.1 eV',
    'DysSolver= "n"',
    ...states(settings),
  ]
}

/** Statically screened exchange, all excitons by diagonalisation; the screening is made in the same run. */
function bse(settings: YamboSettings): readonly string[] {
  const { bandCount, screeningBandCount = bandCount, transitionBands = [1, 1] } = settings
  return [
    ...['optics', 'bss', 'bse', 'bsk', 'em1s'],
    'Chimod= "HARTREE"',
    ...pair('BndsRnXs', [1, screeningBandCount]),
    `NGsBlkXs= ${settings.screeningCutoffRydberg} Ry`,
    ...direction('LongDrXs', settings.fieldDirection),
    'BSEmod= "retarded"',
    'BSKmod= "SEX"',
    'BSSmod= "d"',
    `BSENGexx= ${settings.exchangeCutoffRydberg} Ry`,
    `BSENGBlk= ${settings.screeningCutoffRydberg} Ry`,
    ...direction('KfnQP_E', [settings.scissorEv, 1, 1]),
    ...pair('BEnRange', settings.energyRangeEv, 'eV'),
    ...pair('BDmRange', [settings.dampingEv, settings.dampingEv], 'eV'),
    `BEnSteps= ${settings.energySteps}`,
    ...direction('BLongDir', settings.fieldDirection),
    ...pair('BSEBands', transitionBands),
  ]
}

const RENDERED: Readonly<Record<YamboSettings['calculation'], (settings: YamboSettings) => readonly string[]>> = {
  setup: () => ['setup'],
  hf: hartreeFock,
  cohsex,
  gw,
  ip: independentParticles,
  bse,
}
