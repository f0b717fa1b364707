export { fitsOf, formatReport, largestDifferenceEv } from './report.ts'
export { silicon } from './requests.ts'
export { type Demo, type DemoOptions, runDemo } from './run-demo.ts'
