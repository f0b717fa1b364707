/** Initial moments in Bohr magnetons that the Materials Project starts from, by element (VASPIncarBase.yaml, pymatgen-core 2026.10.16); held against it by `npm run trials -- --only presets`. */
export const MP_MOMENTS: ReadonlyMap<string, number> = new Map([
  ['Ce', 5],
  ['Co', 0.6],
  ['Cr', 5],
  ['Eu', 10],
  ['Fe', 5],
  ['Mn', 5],
  ['Mo', 5],
  ['Ni', 5],
  ['V', 5],
  ['W', 5],
])
/** Of every other element. */
export const MP_OTHER_MOMENT = 0.6
