/** Many jobs gone at once without a word look like a listing that lies, not like many ends: at least five, and more than three in ten. */
export const breakerTrips = (live: number, vanished: number): boolean => vanished >= 5 && vanished > 0.3 * live
