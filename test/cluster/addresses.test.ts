import { expect, it } from 'vitest';
import { readAddresses } from '../../src/cluster/addresses.js';

it('reads addresses with ports, those of IPv6 in brackets', () => {
  expect(readAddresses('a:7077, 10.0.0.2:1,[::1]:65535')).toEqual([
    { host: 'a', port: 7077, name: 'a:7077' },
    { host: '10.0.0.2', port: 1, name: '10.0.0.2:1' },
    { host: '::1', port: 65535, name: '[::1]:65535' },
  ]);
});

it.each(['a', 'a:', ':7077', 'a:0', 'a:65536', 'a:7077,', '::1:7077', 'http://a:7077', 'a b:7', ''])(
  "refuses '%s' and says how to write it",
  (given) => {
    expect(() => readAddresses(given)).toThrow(
      /^--workers must be addresses with ports, .* for example --workers a:7077,b/,
    );
  },
);

it('refuses a worker that is named twice', () => {
  expect(() => readAddresses('a:7077,b:7077,a:7077')).toThrow('names a:7077 twice; leave one out');
});
