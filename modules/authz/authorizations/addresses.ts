/**
 * Where an address stands in a list; -1 where it is not. Bech32 may be written in capitals, too: a list that is compared
 * letter by letter would let such a spelling pass by what it denies.
 */
export function indexOfAddress(list: readonly string[], address: string): number {
  const wanted = address.toLowerCase();
  return list.findIndex((entry) => entry.toLowerCase() === wanted);
}
