import type { CalculationResult, ResultView } from '@crystalmath/contract'
import { type Child, facts, h, table } from '../dom.ts'
import { duration, fixed, withUnit, yesNo } from '../format.ts'
import { resultPlots } from '../plots/result-plots.ts'
import { structure3d } from '../plots/structure.ts'

/** The numbers of a result, its structure and its plots. */
export function resultPanels({ result, altered, alteredSettings }: ResultView): Child {
  const { structure, diagnoses, warnings } = result
  return [
    h('h2', {}, 'Result'),
    altered
      ? h(
          'p',
          { class: 'notice error' },
          `recovery altered what is computed: ${alteredSettings.map(({ path, to }) => `${path} = ${JSON.stringify(to)}`).join(', ')}`,
        )
      : null,
    diagnoses.map(({ kind, message, evidence }) =>
      h(
        'p',
        { class: 'notice error' },
        h('strong', {}, kind),
        ` ${message} `,
        h('code', {}, `${evidence.file ?? ''}${evidence.line == null ? '' : `, line ${evidence.line}`}`),
      ),
    ),
    warnings.map((warning) => h('p', { class: 'notice' }, warning)),
    h(
      'div',
      { class: 'panels' },
      h('section', { class: 'panel' }, h('h2', {}, 'Numbers'), numbers(result)),
      structure === null
        ? null
        : h(
            'section',
            { class: 'panel' },
            h('h2', {}, `Structure ${result.formula ?? ''}`),
            structure3d(structure),
            cell(result),
          ),
      resultPlots(result),
    ),
    atoms(result),
  ]
}

const numbers = (result: CalculationResult): HTMLElement =>
  facts([
    ['code', `${result.code} ${result.codeVersion ?? ''}`],
    ['ended', result.termination],
    [
      'energy',
      result.energyEv === null
        ? null
        : `${result.energyEv.toFixed(8)} eV (${[result.energyKind, result.energyMethod].filter(Boolean).join(', ')})`,
    ],
    ['energy, not converged', withUnit(result.unconvergedEnergyEv, 8, 'eV')],
    ['free energy', withUnit(result.freeEnergyEv, 8, 'eV')],
    ['−TS', withUnit(result.entropyTermEv, 8, 'eV')],
    ['dispersion', withUnit(result.dispersionEnergyEv, 6, 'eV')],
    ['largest force', withUnit(result.maxForceEvPerAngstrom, 6, 'eV/Å')],
    ['largest free force', withUnit(result.maxFreeForceEvPerAngstrom, 6, 'eV/Å')],
    ['pressure', withUnit(result.pressureGpa, 4, 'GPa')],
    ['SCF converged', yesNo(result.electronicConverged)],
    ['relaxation converged', yesNo(result.ionicConverged)],
    ['Fermi energy', withUnit(result.fermiEnergyEv, 4, 'eV')],
    [
      'band gap',
      result.bandGapEv === null
        ? null
        : `${result.bandGapEv.toFixed(4)} eV${result.bandGapDirect === null ? '' : result.bandGapDirect ? ', direct' : ', indirect'}`,
    ],
    ['magnetization', withUnit(result.totalMagnetizationBohr, 4, 'μ_B')],
    [
      'steps',
      result.ionicStepCount === null
        ? null
        : `${result.ionicStepCount} ionic, ${result.scfStepCounts.reduce((a, b) => a + b, 0)} SCF`,
    ],
    ['wall time', duration(result.wallSeconds)],
    ['cores', result.coreCount],
    ['memory', withUnit(result.maxMemoryMebibytes, 0, 'MiB')],
  ])

const cell = ({ structure, volumeAngstrom3 }: CalculationResult): HTMLElement =>
  facts([
    ['volume', withUnit(volumeAngstrom3, 4, 'Å³')],
    [
      'lengths',
      structure?.latticeAngstrom == null
        ? null
        : `${structure.latticeAngstrom.map((row) => Math.hypot(...row).toFixed(4)).join(', ')} Å`,
    ],
    ['atoms', structure?.species.length ?? null],
  ])

/** So many atoms are listed; the rest is in the JSON. */
const LISTED = 300

function atoms({ structure, forcesEvPerAngstrom: forces }: CalculationResult): Child {
  if (structure === null) return null
  const number = (value: number | undefined, decimals: number) => h('span', { class: 'number' }, fixed(value, decimals))
  return h(
    'details',
    {},
    h('summary', {}, `Atoms${forces === null ? '' : ' and forces'} (${structure.species.length})`),
    table(
      ['atom', 'x / Å', 'y / Å', 'z / Å', ...(forces === null ? [] : ['Fx / eV/Å', 'Fy', 'Fz'])],
      structure.species
        .slice(0, LISTED)
        .map((element, i) => [
          `${element} ${i + 1}`,
          ...[0, 1, 2].map((j) => number(structure.positionsAngstrom[i]?.[j], 6)),
          ...(forces === null ? [] : [0, 1, 2].map((j) => number(forces[i]?.[j], 6))),
        ]),
    ),
    structure.species.length > LISTED ? h('p', { class: 'soft' }, `the first ${LISTED}`) : null,
  )
}
