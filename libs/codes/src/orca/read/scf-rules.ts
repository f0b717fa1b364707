import { detached, quoted } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { line, type Rule, rule, type Section } from '../../reading/scanner.ts'
import { type Context, diagnosisAt, unreadable } from './context.ts'
import { nextStep, type OrcaOrbitals, type OrcaStep } from './run.ts'

/** One layer of a multiscale calculation, `(MM)` or `(S-QM2)`; the whole has a slash, `(QM/MM)`. */
const PART = /^(?:[A-Z]-)?(?:MM|QM)\d?$/

/** SCF, coupled-cluster and CASSCF: how they ended and what they gave. */
export const scfRules = (context: Context): Rule[] => [
  line(/^(?:SCF ITERATIONS|ORCA LEAN-SCF)/, (hit) => {
    if (context.run.displacing) return
    newEvaluation(context)
    context.run.inScf = { line: hit.line(), text: quoted(hit.text) }
  }),
  line(/^\* +SCF CONVERGED AFTER +(\d+) CYCLES/, ({ captures: [cycles] }) => {
    if (context.run.displacing) return
    newEvaluation(context)
    const { current } = context.run
    current.scfCycles = (current.scfCycles ?? 0) + Number(cycles)
    current.scfConverged = true
    current.diagnoses = current.diagnoses.filter(({ kind }) => kind !== 'ELECTRONIC_NOT_CONVERGED')
    context.run.inScf = null
    context.run.computed = true
  }),
  line(/^\* +SCF NOT CONVERGED AFTER +(\d+) CYCLES/, (hit) => {
    newEvaluation(context)
    const { current } = context.run
    current.scfConverged = false
    current.diagnoses.push(
      diagnosisAt(context, 'ELECTRONIC_NOT_CONVERGED', `the SCF did not converge in ${hit.captures[0]} cycles`, hit),
    )
    context.run.inScf = null
    context.run.computed = true
  }),
  line(/^Total Energy +: +(\S+) Eh +\S+ eV/, (hit) => {
    context.run.current.energyLine = { line: hit.line(), text: quoted(hit.text) }
    context.run.current.scfEnergyHartree =
      toNumber(hit.captures[0]) ?? unreadable(context, 'total SCF energy', hit.captures[0], hit)
  }),
  line(/^--- The (.{1,30}) iterations have (NOT )?converged/, (hit) => {
    const [what, not] = hit.captures
    const { current } = context.run
    current.correlationConverged = not === undefined
    if (not !== undefined)
      current.diagnoses.push(diagnosisAt(context, 'ELECTRONIC_NOT_CONVERGED', `the ${what} iterations did not converge`, hit))
  }),
  line(/^-{1,5} THE CAS-SCF (?:ENERGY|GRADIENT) +HAS CONVERGED/, () => {
    context.run.current.correlationConverged = true
    context.run.computed = true
  }),
  line(
    /^(?:-{1,5} |\*{1,3} +|Error.*)(?:THE |the )?CAS-?SCF.*(?:DID NOT CONVERGE|NOT CONVERGED|did not converge|not converged)/,
    (hit) => {
      context.run.current.correlationConverged = false
      context.run.current.diagnoses.push(diagnosisAt(context, 'ELECTRONIC_NOT_CONVERGED', 'the CASSCF did not converge', hit))
    },
  ),
  line(/^E\(SCF\) += +(\S+) Eh/, ({ captures: [energy] }) => {
    context.run.current.rootReferenceHartree = toNumber(energy)
  }),
  line(/^E\(tot\) += +(\S+) Eh/, ({ captures: [energy] }) => {
    const { current } = context.run
    const total = toNumber(energy)
    // several DE(...) may add up to it
    if (total !== null && current.rootReferenceHartree !== null && current.excitationHartree !== null)
      current.excitationHartree = total - current.rootReferenceHartree
  }),
  line(/^(?:DE\(\S+\)|E\(SOC CIS\)) += +(\S+) Eh \((?:SOC )?Root +[1-9]\d*\)/, ({ captures: [energy] }) => {
    context.run.current.excitationHartree = toNumber(energy)
  }),
  line(/^(?:E\(TOT\)|Second-order corrected state energy) +\.\.\. +(\S+)/, ({ captures: [energy] }) => {
    context.run.current.correlatedHartree = toNumber(energy)
  }),
  line(/^[A-Z]\S* RESULTS\b/, () => {
    context.run.current.rootsHartree = []
  }),
  line(/^IROOT= +\d+: +(-?\d+\.\d+) au/, ({ captures: [energy] }) => {
    const { rootsHartree } = context.run.current
    if (rootsHartree.length < 10_000) rootsHartree.push(Number(energy))
  }),
  line(/^(NEVPT2|CASPT2) TOTAL ENERGIES/, ({ captures: [name] }) => {
    context.run.method.treatment = detached(name ?? '')
  }),
  line(/^LOWEST ROOT \(ROOT +\d+ ?, ?MULT +\d+\) += +(\S+) Eh/, ({ captures: [energy] }) => {
    context.run.current.lowestRootHartree = toNumber(energy)
  }),
  line(/^Dispersion correction +(-?\d\S*|\*+)/, (hit) => {
    context.run.current.dispersionHartree =
      toNumber(hit.captures[0]) ?? unreadable(context, 'dispersion correction', hit.captures[0], hit)
  }),
  line(/^FINAL SINGLE POINT ENERGY(?: \(([^)\n]*)\))? +(\S+)(?: +\(([^)\n]*)\))?/, (hit) => {
    const [label = '', energy, remark = label] = hit.captures
    if (context.run.displacing || PART.test(label)) return
    const { run } = context
    const { current } = run
    const hartree = toNumber(energy) ?? unreadable(context, 'final single point energy', energy, hit)
    if (current.finalHartree === null) run.stepCount += 1
    current.finalHartree = hartree
    current.excitationHartree ??= rootWithin(current)
    current.energyLine = { line: hit.line(), text: quoted(hit.text) }
    if (hartree !== null) run.energies.push(hartree)
    current.flaggedUnconverged = /not (?:fully )?converged/i.test(remark)
    if (current.flaggedUnconverged && !current.diagnoses.some(({ kind }) => kind === 'ELECTRONIC_NOT_CONVERGED'))
      current.diagnoses.push(
        diagnosisAt(context, 'ELECTRONIC_NOT_CONVERGED', 'ORCA calls the wavefunction of this energy not fully converged', hit),
      )
    run.complete = current
    run.computed = true
    run.inScf = null
  }),
  rule(/^ORBITAL ENERGIES$/, () => (context.run.current.scfConverged === null ? undefined : orbitals(context))),
  line(/^Expectation value of <S\*\*2> +: +(\S+)/, ({ captures: [value] }) => {
    context.run.current.spinSquared = toNumber(value)
  }),
  line(/^Ideal value S\*\(S\+1\) for S=.{1,8}: +(\S+)/, ({ captures: [value] }) => {
    context.run.current.spinSquaredIdeal = toNumber(value)
  }),
]

/** Root energies have six decimals. */
const ROOT_TOLERANCE_HARTREE = 2e-6

/** EOM, STEOM and ADC add a root to the ground state's energy without a word: the difference tells. */
function rootWithin({ finalHartree, correlatedHartree, rootsHartree }: OrcaStep): number | null {
  if (finalHartree === null || correlatedHartree === null) return null
  const excitation = finalHartree - correlatedHartree
  return rootsHartree.some((root) => Math.abs(root - excitation) < ROOT_TOLERANCE_HARTREE) ? excitation : null
}

/** An SCF after a final energy is of another geometry, even where that is not printed (dynamics, short outputs): its atoms are the same, their places unknown. */
function newEvaluation({ run, full }: Context): void {
  const { species, finalHartree } = run.current
  if (finalHartree === null) return
  nextStep(run, full)
  run.current.species = species
}

const ORBITAL = /^ *\d+ +(\d\.\d+) +(?:\S+) +(\S+)/
const AROUND_ORBITALS = /^ *$|^-+$|NO +OCC/

/** The table of orbital energies: one list, or one for each spin. */
function orbitals(context: Context): Section {
  const found: OrcaOrbitals = { homoEv: [], lumoEv: [], fractional: false }
  const { current } = context.run
  let spin = 0
  return (text) => {
    if (text.includes('SPIN DOWN ORBITALS')) spin = 1
    else if (!text.includes('SPIN UP ORBITALS')) {
      const [, occupation, level] = ORBITAL.exec(text) ?? []
      if (occupation === undefined) {
        if (AROUND_ORBITALS.test(text)) return true
        current.orbitals = found // only now is the table known to be whole
        return false
      }
      addOrbital(found, spin, Number(occupation), toNumber(level))
    }
    return true
  }
}

function addOrbital(found: OrcaOrbitals, spin: number, occupation: number, levelEv: number | null): void {
  if (Math.abs(occupation - Math.round(occupation)) > 1e-3) found.fractional = true
  if (occupation > 1e-3) found.homoEv[spin] = levelEv
  else if (found.lumoEv[spin] === undefined) found.lumoEv[spin] = levelEv
}
