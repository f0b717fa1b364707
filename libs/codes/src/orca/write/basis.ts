import type { InputProblem, Structure } from '@crystalmath/contract'
import { atomicNumberOf } from '@crystalmath/structures/elements'
import { parameterProblem } from '../../writing/problems.ts'
import { isComposite, isIn, protocolOf } from '../presets.ts'
import type { OrcaSettings } from './settings.ts'

const numberOf = (symbol: string): number => atomicNumberOf(symbol) ?? 0

/** Lines of %basis that a preset writes; none where the user says how basis sets are chosen. */
export function presetBasisLines(settings: OrcaSettings, species: readonly string[]): readonly string[] {
  const { blocks, beyond } = protocolOf(settings.preset)
  if (settings.basis !== undefined || hasOwnBlock(settings)) return []
  const heavy = [...new Set(species)].filter((symbol) => beyond !== undefined && isIn(numberOf(symbol), beyond.elements))
  return [
    ...(blocks?.['basis'] ?? []),
    ...heavy.flatMap((symbol) => (beyond?.lines ?? []).map((one) => one.replace('ELEMENT', symbol))),
  ]
}

const hasOwnBlock = ({ blocks }: OrcaSettings): boolean => Object.keys(blocks).some((name) => name.toLowerCase() === 'basis')

/** Heaviest element (atomic number) that families of basis sets have functions for: the ORCA manual, and bse.pnl.gov. */
const REACH: readonly (readonly [RegExp, readonly (readonly [number, number])[]])[] = [
  [/^(m?6-31)/i, [[1, 36]]],
  [/^6-311/i, [[1, 53]]],
  [/^(3-21|4-22)/i, [[1, 55]]],
  [/^(aug-)?cc-p.*-pp$/i, [[1, 86]]],
  [
    /^(aug-)?cc-pw?c?vtz-dk$/i,
    [
      [1, 18],
      [20, 36],
      [39, 54],
      [72, 86],
    ],
  ],
  [/-dk3$/i, [[92, 92]]],
  [/^(aug-)?cc-p/i, [[1, 54]]],
  [/^(aug-)?pc(seg|Sseg|J)?-/i, [[1, 36]]],
  [/^(ma-)?(dkh|zora)-/i, [[1, 36]]],
  [
    /^sarc-/i,
    [
      [37, 86],
      [89, 103],
    ],
  ],
  [/^sarc2-/i, [[57, 71]]],
  [/^(ma-)?def2-/i, [[1, 86]]],
  [/^x2c-/i, [[1, 86]]],
]

/** These sets put an effective core potential on elements beyond krypton. */
const WITH_CORE_POTENTIAL = /^(ma-)?def2-|^lanl|^sdd$|-pp$/i

/** A Hamiltonian, the sets that are contracted for it, and what to write. */
const RELATIVISTIC: readonly { readonly word: RegExp; readonly sets: RegExp; readonly mend: string }[] = [
  {
    word: /^(zora|zora\/ri|iora|iora\/ri)$/i,
    sets: /zora|^ano-rcc/i,
    mend: 'ZORA-def2-TZVP, with SARC-ZORA-TZVP for elements beyond krypton',
  },
  {
    word: /^dkh2?$/i,
    sets: /dkh|-dk3?$|^ano-rcc/i,
    mend: 'DKH-def2-TZVP, with SARC-DKH-TZVP for elements beyond krypton, or the preset dk3',
  },
  { word: /^x2c$/i, sets: /^x2c-|dkh|-dk3?$|^ano-rcc/i, mend: 'x2c-TZVPall, or the preset x2c' },
]

/** Basis sets that lack an element, and relativity without all electrons in a set that is made for it. */
export function basisProblems(settings: OrcaSettings, { species }: Structure): readonly InputProblem[] {
  const protocol = protocolOf(settings.preset)
  if (isComposite(settings.method ?? protocol.method)) return []
  const word = [...(protocol.keywords ?? []), ...settings.keywords].find((one) =>
    RELATIVISTIC.some((kind) => kind.word.test(one)),
  )
  if (hasOwnBlock(settings)) return word === undefined ? [] : corePotentials(settings, word)
  const isPresets = settings.basis === undefined && protocol.reach !== undefined
  const basis = settings.basis ?? (protocol.basis || 'def2-TZVP')
  const reach = isPresets ? protocol.reach : REACH.find(([pattern]) => pattern.test(basis))?.[1]
  const missing = reach && [...new Set(species)].find((symbol) => !isIn(numberOf(symbol), reach))
  if (missing !== undefined)
    return [
      isPresets
        ? parameterProblem(
            'preset',
            `${settings.preset} has no basis set for ${missing}`,
            'choose another preset, x2c for actinides, or give sets in blocks.basis',
            settings.preset,
          )
        : parameterProblem(
            'basis',
            `${basis} has no functions for ${missing}`,
            'choose a set that has it, SARC-DKH-TZVP in blocks.basis for heavy elements, or the preset x2c',
            basis,
          ),
    ]
  const kind = RELATIVISTIC.find((one) => word !== undefined && one.word.test(word))
  if (kind === undefined || kind.sets.test(basis)) return []
  const heavy = species.find((symbol) => numberOf(symbol) > 36)
  const message =
    heavy !== undefined && WITH_CORE_POTENTIAL.test(basis)
      ? `${word} needs all electrons, but ${basis} puts a core potential on ${heavy}`
      : `${word} needs all electrons in a set that is made for it, and ${basis} is none`
  return [parameterProblem('basis', message, `choose an all-electron set: ${kind.mend}`, basis)]
}

/** A core potential counts relativity a second time. */
function corePotentials({ blocks }: OrcaSettings, word: string): readonly InputProblem[] {
  const [name = '', block] = Object.entries(blocks).find(([one]) => one.toLowerCase() === 'basis') ?? []
  return /newecp|\becp\b/i.test(JSON.stringify(block))
    ? [
        parameterProblem(
          `blocks.${name}`,
          `${word} needs all electrons, and this block sets a core potential`,
          'leave the core potential out, or the relativistic Hamiltonian',
        ),
      ]
    : []
}

/** Files that a preset reads and that are not ours to send. */
export function missingFiles({ preset, basis }: OrcaSettings, paths: readonly string[]): readonly InputProblem[] {
  const { needs } = protocolOf(preset)
  return needs === undefined || basis !== undefined || paths.includes(needs.path)
    ? []
    : [
        parameterProblem(
          'preset',
          `the preset ${preset} reads ${needs.path}`,
          `send it as an extra file, from ${needs.from}, or take the preset omol, which has ORCA's own def2-TZVPD`,
          preset,
        ),
      ]
}
