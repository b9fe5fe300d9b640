import { UserError } from '../errors.js';
import { TFJS_NODE_VERSION } from './variants.js';

/**
 * Keeps signal handlers away while TensorFlow computes.
 *
 * oneDNN's `jit_avx_gemm_f32` and `jit_avx512_common_gemm_f32` point the stack pointer into a heap buffer. A signal
 * handled on that thread at that time writes its frame over whatever malloc placed below the buffer: the process dies of
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

/**
 * Graphs come here simplified already. TensorFlow's own rewriting of graphs (Grappler) makes the training step up to a
 * fifth slower, and takes seconds for windows of a thousand steps. The bytes are a ConfigProto: graph_options (field 10)
 * of rewrite_options (field 10) of disable_meta_optimizer (field 19).
 */
const plainGraphs = `  const char as_they_are[] = {0x52, 5, 0x52, 3, '\\x98', 1, 1};
  TF_AutoStatus config_status;
  TF_SetConfig(session_options, as_they_are, sizeof(as_they_are), config_status.status);
  if (TF_GetCode(config_status.status) != TF_OK) {
    NAPI_THROW_ERROR(env, "Failed to configure a session: %s", TF_Message(config_status.status));
    return nullptr;
  }
`;

interface Edit {
  readonly find: string;
  readonly replacement: string;
}

const newOptions = '  TF_SessionOptions *session_options = TF_NewSessionOptions();\n';

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
  { find: newOptions, replacement: newOptions + plainGraphs },
];

function guardFrom(statement: string, before = ''): Edit {
  return { find: statement, replacement: `${before}  SignalGuard signal_guard;\n${statement}` };
}

/** Everything that is written into the source, for the key of an installation: another text makes another binding. */
export const bindingPatchText: string = edits.map((edit) => edit.replacement).join('\n');

/**
 * The text of `tfjs_backend.cc` with asynchronous signals blocked around the calls that compute, and with graphs run as
 * they are.
 *
 * @throws UserError where the source is not the one this was written for: each place must be there exactly once.
 */
export function patchBinding(source: string): string {
  if (source.includes('SignalGuard')) {
    throw new UserError(
      "tfjs-node's binding source must be the original, it is patched already: " +
        `reinstall @tensorflow/tfjs-node@${TFJS_NODE_VERSION}`,
    );
  }
  return edits.reduce(applyOnce, source);
}

function applyOnce(source: string, { find, replacement }: Edit): string {
  const pieces = source.split(find);
  if (pieces.length !== 2) {
    throw new UserError(
      `the patch expects "${find.trim()}" exactly once in tfjs-node's binding, found ${pieces.length - 1} times: ` +
        `reinstall @tensorflow/tfjs-node@${TFJS_NODE_VERSION}`,
    );
  }
  return pieces.join(replacement);
}
