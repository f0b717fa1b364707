export { runSimulatedTrials } from './trials.ts'
