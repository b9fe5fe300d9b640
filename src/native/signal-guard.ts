import type { Patch } from './patch.js';

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

const execute = '  TFE_Execute(tfe_op.op, result_handles.data(), &size, tf_status.status);\n';

const guardFrom = (statement: string) => ({
  find: statement,
  replacement: `  SignalGuard signal_guard;\n${statement}`,
});

/** Blocks asynchronous signals around the calls that compute. */
export const signalGuard: Patch = {
  'tfjs_backend.cc': [
    { find: '#include <cstring>\n', replacement: '#include <pthread.h>\n#include <signal.h>\n#include <cstring>\n' },
    { find: 'namespace tfnodejs {\n', replacement: guardClass },
    // TensorFlow's own threads start here and inherit the mask for good.
    guardFrom('  tfe_context_ = TFE_NewContext('),
    // Signals come through right after each operation, before its results are made into JavaScript values.
    { find: execute, replacement: `  {\n    SignalGuard signal_guard;\n  ${execute}  }\n` },
    guardFrom('  TF_Session *session = TF_LoadSessionFromSavedModel('),
    guardFrom('  TF_SessionRun('),
  ],
};
