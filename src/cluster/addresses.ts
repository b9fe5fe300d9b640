import { UserError } from '../errors.js';

/** Where a worker listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** As it was written. */
  readonly name: string;
}

/** Reads `--workers`: "a:7077,b:7077"; an address of IPv6 stands in brackets. @throws UserError */
export function readAddresses(given: string): Address[] {
  const addresses = given.split(',').map((name) => readAddress(name.trim()));
  const again = addresses.find(({ name }, i) => addresses.findIndex((other) => other.name === name) < i);
  if (again) throw new UserError(`--workers must name each worker once, but names ${again.name} twice; leave one out`);
  return addresses;
}

function readAddress(name: string): Address {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:\s[\]]+)):(\d{1,5})$/.exec(name) ?? [];
  const port = Number(digits);
  if (port >= 1 && port <= 65_535) return { host: bracketed ?? plain, port, name };
  throw new UserError(
    `--workers must be addresses with ports, separated by commas, but got '${name}'; write for example --workers a:7077,b:7077`,
  );
}
