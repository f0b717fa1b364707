/** A stream of numbers in [0, 1) that a seed decides (mulberry32). */
export type Chance = {
  next(): number
  /** True with this probability. */
  happens(probability: number): boolean
  /** Uniform between the two. */
  between(from: number, to: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
}

export function chanceFrom(seed: number): Chance {
  let state = (seed * 0x9e3779b1) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    happens: (probability) => probability > 0 && next() < probability,
    between: (from, to) => from + (to - from) * next(),
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
  }
}

/** Time that passes only from event to event. */
export type VirtualTime = {
  /** Milliseconds since the epoch. */
  now(): number
  after(ms: number, happen: () => void): void
  /** Lets events happen in the order of their times, until `isOver` or `untilMs`. Between two events everything that awaits is let run dry. */
  run(untilMs: number, isOver: () => boolean): Promise<void>
  events(): number
}

type Event = { readonly at: number; readonly order: number; readonly happen: () => void }
const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

export function virtualTime(startMs: number): VirtualTime {
  const heap: Event[] = []
  let now = startMs
  let order = 0
  let happened = 0
  return {
    now: () => now,
    events: () => happened,
    after: (ms, happen) => push(heap, { at: now + Math.max(0, ms), order: order++, happen }),
    async run(untilMs, isOver) {
      for (let event = pop(heap); event !== undefined && event.at <= untilMs && !isOver(); event = pop(heap)) {
        now = event.at
        happened += 1
        event.happen()
        await drained()
      }
    },
  }
}

/** After every microtask that is due. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function push(heap: Event[], event: Event): void {
  let i = heap.push(event) - 1
  while (i > 0) {
    const parent = (i - 1) >> 1
    const above = heap[parent]
    if (above === undefined || isBefore(above, event)) break
    heap[i] = above
    heap[parent] = event
    i = parent
  }
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  let i = 0
  for (;;) {
    const left = heap[2 * i + 1]
    const right = heap[2 * i + 2]
    if (left === undefined) break
    const child = right !== undefined && isBefore(right, left) ? 2 * i + 2 : 2 * i + 1
    const below = heap[child]
    if (below === undefined || isBefore(last, below)) break
    heap[i] = below
    i = child
  }
  heap[i] = last
  return first
}
