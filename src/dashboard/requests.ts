import type { IncomingMessage } from 'node:http';

/** Names by which a browser on this machine calls it; any port: it may be reached through a tunnel. */
const OWN_NAMES = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** Why a request is refused: the status, and a line that says what to do. */
export interface Refusal {
  status: number;
  line: string;
}

/**
 * Why a request is refused; undefined where it is not. Whoever may see a run sits at this machine: a web site that has
 * given its name this machine's address (DNS rebinding) names itself as the host, and another site's script is from
 * elsewhere. Nothing changes anything: only reading is a method.
 */
export function refusalOf({ method = '', headers, url = '' }: IncomingMessage): Refusal | undefined {
  if (!OWN_NAMES.test(headers.host ?? '')) {
    return { status: 403, line: 'This page must be opened as 127.0.0.1 or localhost.' };
  }
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, line: 'This page can only be read.' };
  if (url !== PATHS.page && url !== PATHS.events) return { status: 404, line: `There is only ${PATHS.page} here.` };
  const from = headers['sec-fetch-site'] ?? 'none';
  if (url === PATHS.events && from !== 'same-origin' && from !== 'none') {
    return { status: 403, line: 'This can only be read by the page itself.' };
  }
  return undefined;
}

/** What there is to read: the page, and what happens. */
export const PATHS = { page: '/', events: '/events' } as const;
