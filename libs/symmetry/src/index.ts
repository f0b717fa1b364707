export { type KPath, type KPathOptions, kPathOf, type PathPoint, pointsAlong } from './k-path.ts'
export { type Symmetry, symmetryOf } from './moyo.ts'
