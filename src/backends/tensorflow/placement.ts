/** How often each op ran on each device: `{ 'GPU:0': { MatMul: 8 } }`. */
export type Placement = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Makes TensorFlow's executor write a line for every kernel that it runs; to be set before TensorFlow loads. */
export const LOG_KERNELS = { TF_CPP_VMODULE: 'executor=1', TF_CPP_MIN_LOG_LEVEL: '0' } as const;

/** "Process node: 70 step 2 {{node op101_Mul}} = Mul[T=DT_FLOAT, ...](...) device: /job:.../device:GPU:0" */
const KERNEL_LINE = /Process node: \d+ step (-?\d+) \{\{node [^}]*\}\} = (\w+)\[.* device: \S*\/device:(\w+:\d+)$/;

/** Ops that hand tensors over and compute nothing. */
const NO_WORK = new Set(['_Arg', '_Retval', '_Send', '_Recv', '_HostSend', '_HostRecv', 'Const', 'NoOp', 'Identity']);

/** The ops that a training step spends its time in, by whatever kernel (_MklMatMul, _FusedMatMul). */
const HEAVY = /MatMul|Tanh|Softmax/;

/** Reads the log of a process that ran with `LOG_KERNELS`: the kernels of its last run of a graph. */
export function placementIn(log: string): Placement {
  const kernels = log.split('\n').flatMap((line) => {
    const [, step, op, device] = KERNEL_LINE.exec(line.trimEnd()) ?? [];
    return device === undefined || NO_WORK.has(op) ? [] : [{ step, op, device }];
  });
  const last = kernels.at(-1)?.step;
  const placement: Record<string, Record<string, number>> = {};
  for (const { op, device } of kernels.filter(({ step }) => step === last)) {
    const ops = (placement[device] ??= {});
    ops[op] = (ops[op] ?? 0) + 1;
  }
  return placement;
}

/** Whether there were heavy ops and every one of them ran on a GPU. */
export function ranOnGpu(placement: Placement): boolean {
  const heavy = Object.entries(placement).flatMap(([device, ops]) =>
    Object.keys(ops).flatMap((op) => (HEAVY.test(op) ? [device] : [])),
  );
  return heavy.length > 0 && heavy.every((device) => device.startsWith('GPU:'));
}

/** "12 kernels on GPU:0 (8 MatMul, 4 Tanh); 1 on CPU:0 (1 Cast)" */
export function describePlacement(placement: Placement): string {
  const parts = Object.entries(placement).map(([device, ops], i) => {
    const sorted = Object.entries(ops).sort(([, a], [, b]) => b - a);
    const total = sorted.reduce((sum, [, count]) => sum + count, 0);
    return `${total}${i === 0 ? ' kernels' : ''} on ${device} (${sorted.map(([op, count]) => `${count} ${op}`).join(', ')})`;
  });
  return parts.length === 0 ? 'no kernel was seen' : parts.join('; ');
}
