import { engrad } from './engrad.ts'
import { hess } from './hess.ts'
import { messages } from './messages.ts'
import { output } from './output.ts'
import { property } from './property.ts'
import { propertyJson } from './property-json.ts'
import { xyz } from './xyz.ts'

/** One reader per kind of file. */
export const readers = { output, engrad, property, propertyJson, xyz, hess, messages }
