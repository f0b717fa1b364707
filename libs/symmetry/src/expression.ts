/** A sum of products of names and numbers with brackets, as the tables of HPKOT have them: `(1+a*a/b/b)/4`. */
export function evaluate(text: string, names: ReadonlyMap<string, number>): number {
  const tokens = text.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|[-+*/()]/g) ?? []
  let at = 0
  const fail = (): never => {
    throw new Error(`"${text}" cannot be evaluated at "${tokens[at] ?? 'its end'}"`)
  }
  const factor = (): number => {
    const token = tokens[at] ?? fail()
    at += 1
    if (token === '-') return -factor()
    if (token === '+') return factor()
    if (token === '(') {
      const value = sum()
      if (tokens[at] !== ')') fail()
      at += 1
      return value
    }
    return /^\d/.test(token) ? Number(token) : (names.get(token) ?? fail())
  }
  const product = (): number => {
    let value = factor()
    while (tokens[at] === '*' || tokens[at] === '/') {
      const isTimes = tokens[at] === '*'
      at += 1
      const next = factor()
      value = isTimes ? value * next : value / next
    }
    return value
  }
  const sum = (): number => {
    let value = product()
    while (tokens[at] === '+' || tokens[at] === '-') {
      const sign = tokens[at] === '+' ? 1 : -1
      at += 1
      value += sign * product()
    }
    return value
  }
  const value = sum()
  return at === tokens.length ? value : fail()
}
