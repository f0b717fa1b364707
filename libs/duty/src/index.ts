export { type Duty, type DutyOptions, keepDuties } from './keep-duties.ts'
