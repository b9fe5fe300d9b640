/** Of what npm tells its scripts, what a person would have set: where packages come from. */
const KEPT = /^npm_config_(registry|cache|cafile|proxy|https_proxy|noproxy|userconfig|globalconfig)$/;

/**
 * The environment of a person outside of this repository: without what npm, which runs the tests, tells its scripts, and
 * without a user agent, so that a package manager shows as itself.
 */
export function outsideEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$|VITEST|NODE_ENV$|TEST$)/.test(name) || KEPT.test(name),
  );
  return {
    ...Object.fromEntries(entries),
    YARN_ENABLE_TELEMETRY: '0',
    // A first install writes the lock file, in CI too.
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
  };
}
