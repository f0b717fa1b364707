/** Many jobs gone at once without a word look like a listing that lies, not like many ends: at least five, and more than three in ten. */
export const breakerTrips = (live: number, vanished: number): boolean => vanished >= 5 && vanished > 0.3 * live

/** While it is open, absence proves an end only after so many of the usual graces: a scheduler that lost its state is believed in the end, a listing that lies for a while is not. */
export const BREAKER_GRACES = 5
