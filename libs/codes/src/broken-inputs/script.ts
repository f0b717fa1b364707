import type { Healthy, Mistake } from './case.ts'

// biome-ignore format: a table
export const SCRIPT_MISTAKES: readonly Mistake[] = [
  ['no script', {}, 'parameters.script', /needs a script/, /shell script/],
  ['an empty script', { script: '  ' }, 'parameters.script', /text of a POSIX shell script/, /script/],
  ['a script as a list', { script: ['echo 1'] }, 'parameters.script', /text of a POSIX shell script/, /script/],
  ['a misspelt parameter', { script: 'true', keeep: ['a'] }, 'parameters.keeep', /no parameter/, /keep/],
  ['outputs above the folder', { script: 'true', keep: ['../x'] }, 'parameters.keep', /inside the job/, /patterns/],
  ['outputs by an absolute path', { script: 'true', keep: ['/tmp/x'] }, 'parameters.keep', /inside the job/, /patterns/],
  ['outputs as one text', { script: 'true', keep: '*.dat' }, 'parameters.keep', /list of at most/, /patterns/],
  ['a file in the place of the script', { parameters: { script: 'true' }, extra: [{ path: 'script.sh', text: '' }] }, 'extraFiles[0].path', /uses itself/, /another name/],
]

// biome-ignore format: a table
/** Unusual, and right: none of the rules above may catch these. */
export const SCRIPT_HEALTHY: readonly Healthy[] = [
  ['a line', { script: 'true' }],
  ['outputs below a folder', { script: 'make', keep: ['results/*.json', '*.dat'] }],
]
