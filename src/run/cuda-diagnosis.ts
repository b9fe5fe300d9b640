import { type NativeStatus, nativeStatus } from '../native/status.js';
import { type Proof, provePlacement } from '../bench/placement-proof.js';

/** TensorFlow with CUDA; `proof` says where the kernels of a training step ran, if there is a card. */
export type CudaDiagnosis =
  | { readonly library: Extract<NativeStatus, { kind: 'absent' }> }
  | { readonly library: Extract<NativeStatus, { kind: 'ready' }>; readonly proof: Proof };

/** Looks for the library and, where it is set up, runs a training step on the card. */
export async function diagnoseCuda(): Promise<CudaDiagnosis> {
  const library = nativeStatus('gpu');
  return library.kind === 'ready' ? { library, proof: await provePlacement('gpu') } : { library };
}
