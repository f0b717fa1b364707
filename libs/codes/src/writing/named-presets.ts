import type { InputProblem } from '@crystalmath/contract'
import { nearestWord } from '@crystalmath/structures'
import type { CodeWrites, Prepared, PresetTable, Task } from '../code-writes.ts'
import { parameterProblem, shown } from './problems.ts'

type Named =
  | { readonly name: string; readonly label: string; readonly warnings: readonly string[] }
  | { readonly problem: InputProblem }

/** `moderate`, `moderate@1` or an old name → the preset in force. */
export function presetNamed(written: unknown, { usual, versions, formerly = {} }: PresetTable): Named {
  if (written === undefined) return { name: usual, label: `${usual}@${versions[usual]}`, warnings: [] }
  const [asked = '', version] = typeof written === 'string' ? written.split('@') : []
  const now = Object.hasOwn(formerly, asked) ? formerly[asked] : undefined
  const name = now ?? asked
  const known = Object.hasOwn(versions, name) ? versions[name] : undefined
  if (known === undefined)
    return unknown(written, { names: Object.keys(versions), nearest: nearestWord(asked, Object.keys(versions)) })
  if (version !== undefined && version !== known)
    return {
      problem: parameterProblem(
        'preset',
        `${name} is here in version ${known}, not ${version}`,
        `write "${name}" or "${name}@${known}"`,
        written,
      ),
    }
  const warnings = now === undefined ? [] : [`the preset ${asked} is called ${now} now; the old name goes on`]
  return { name, label: `${name}@${known}`, warnings }
}

const unknown = (
  written: unknown,
  { names, nearest }: { readonly names: readonly string[]; readonly nearest: string | null },
): Named => ({
  problem: parameterProblem(
    'preset',
    `preset must be one of ${names.join(', ')}, found ${shown(written)}`,
    nearest === null ? `write one of ${names.join(', ')}` : `did you mean "${nearest}"?`,
    written,
  ),
})

/** A code whose parameters may name a preset with its version, or by an old name; what is prepared says which preset was in force. */
export function withNamedPresets(writes: CodeWrites): CodeWrites {
  const { presets } = writes
  return presets === undefined ? writes : { ...writes, prepare: (task) => prepared(writes, presets, task) }
}

function prepared(writes: CodeWrites, presets: PresetTable, task: Task): Prepared {
  const named = presetNamed(task.parameters['preset'], presets)
  if ('problem' in named) return { ok: false, problems: [named.problem] }
  const bare = (parameters: Task['parameters']) =>
    parameters['preset'] === undefined ? parameters : { ...parameters, preset: named.name }
  const answer = writes.prepare({
    ...task,
    parameters: bare(task.parameters),
    request: { ...task.request, parameters: bare(task.request.parameters) },
  })
  if (!answer.ok) return answer
  const { warnings } = answer.preparation
  return { ok: true, preparation: { ...answer.preparation, preset: named.label, warnings: [...named.warnings, ...warnings] } }
}
