import { UserError } from '../errors.js';
import { TFJS_NODE_VERSION } from './variants.js';

/**
 * The change to tfjs-node's binding that keeps signal handlers away while TensorFlow computes.
 *
 * oneDNN's `jit_avx_gemm_f32` and `jit_avx512_common_gemm_f32` point the stack pointer into a heap buffer. A signal
 * handled on that thread meanwhile writes its frame over whatever malloc placed below the buffer: the process dies of
 * SIGSEGV or SIGABRT, often much later (uxlfoundation/oneDNN issue 4845; fixed in oneDNN 3.11.2, which no TensorFlow
 * of that time contains). Resizing the terminal, a child process that ends, Ctrl-C and the profiler all send signals.
 */
const guardClass = `namespace tfnodejs {

// Blocks asynchronous signals on the calling thread, and so on every thread it starts, for as long as it lives.
class SignalGuard {
 public:
  SignalGuard() {
    sigset_t blocked;
    sigfillset(&blocked);
    for (int synchronous : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS})
      sigdelset(&blocked, synchronous);
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  ~SignalGuard() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalGuard(const SignalGuard &) = delete;
  SignalGuard &operator=(const SignalGuard &) = delete;

 private:
  sigset_t before_;
};
`;

/**
 * TensorFlow 2.19 logs through Abseil, which does not know TF_CPP_MIN_LOG_LEVEL: two lines of chatter come for the first
 * graph. The symbol is that of the pinned version; where it is missing, the chatter stays.
 */
const quietLog = `
// Makes Abseil's log follow TF_CPP_MIN_LOG_LEVEL, as TensorFlow's own does.
extern void SetAbslMinLogLevel(int severity)
    __asm__("_ZN4absl12lts_2023080214SetMinLogLevelENS0_18LogSeverityAtLeastE") __attribute__((weak));

static void QuietAbslLog() {
  const char *level = getenv("TF_CPP_MIN_LOG_LEVEL");
  if (SetAbslMinLogLevel && level) SetAbslMinLogLevel(atoi(level));
}
`;

interface Edit {
  readonly find: string;
  readonly replacement: string;
}

const execute = '  TFE_Execute(tfe_op.op, result_handles.data(), &size, tf_status.status);\n';

const edits: readonly Edit[] = [
  {
    find: '#include <algorithm>\n',
    replacement: '#include <pthread.h>\n#include <signal.h>\n#include <stdlib.h>\n#include <algorithm>\n',
  },
  { find: 'namespace tfnodejs {\n', replacement: guardClass + quietLog },
  // TensorFlow's own threads start here and inherit the mask for good.
  guardFrom('  tfe_context_ = TFE_NewContext(', '  QuietAbslLog();\n'),
  // Signals come through right after each operation, before its results are made into JavaScript values.
  { find: execute, replacement: `  {\n    SignalGuard signal_guard;\n  ${execute}  }\n` },
  guardFrom('  TF_Session *session = TF_LoadSessionFromSavedModel('),
  guardFrom('  TF_SessionRun('),
];

function guardFrom(statement: string, before = ''): Edit {
  return { find: statement, replacement: `${before}  SignalGuard signal_guard;\n${statement}` };
}

/** Everything that the guard writes into the source, for the key of an installation: other text, other binding. */
export const signalGuardText: string = edits.map((edit) => edit.replacement).join('\n');

/**
 * The text of `tfjs_backend.cc` with asynchronous signals blocked around the calls that compute.
 *
 * @throws UserError where the source is not the one the guard was written for: each place must be there exactly once.
 */
export function guardSignals(source: string): string {
  if (source.includes('SignalGuard')) {
    throw new UserError(
      "tfjs-node's binding source must be the original, it has a signal guard already: " +
        `reinstall @tensorflow/tfjs-node@${TFJS_NODE_VERSION}`,
    );
  }
  return edits.reduce(applyOnce, source);
}

function applyOnce(source: string, { find, replacement }: Edit): string {
  const pieces = source.split(find);
  if (pieces.length !== 2) {
    throw new UserError(
      `the signal guard expects "${find.trim()}" exactly once in tfjs-node's binding, found ${pieces.length - 1} times: ` +
        `reinstall @tensorflow/tfjs-node@${TFJS_NODE_VERSION}`,
    );
  }
  return pieces.join(replacement);
}
