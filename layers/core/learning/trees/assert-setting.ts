/** @throws {RangeError} when a setting is not within its bounds, both inclusive */
export function assertWithin(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) throw new RangeError(`${name} is ${value}, not ${least} to ${most}`);
}

/** @throws {RangeError} when a setting is no whole number within its bounds, both inclusive; Infinity counts as whole */
export function assertCount(name: string, value: number, least: number, most = Infinity): void {
  if (!Number.isInteger(value) && value !== Infinity) throw new RangeError(`${name} is ${value}, no whole number`);
  assertWithin(name, value, least, most);
}
