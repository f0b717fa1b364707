export { MUTATIONS, type Mutation } from './mutations.ts'
export { runTrial, type Trial } from './trial.ts'
