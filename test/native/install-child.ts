/** A process of its own that installs on a fake machine: `install-child.ts SITE_JSON`. Prints the resulting status. */
import { install } from '../../src/native/install.js';
import type { InstallSite } from '../../src/native/site.js';

const site = JSON.parse(process.argv[2] ?? '') as InstallSite;
const { status } = await install(site, {
  report: () => undefined,
  force: false,
  command: { env: process.env },
  verify: () => Promise.resolve(),
});
console.log(status);
