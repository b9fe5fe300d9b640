import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from './native-backend.js';

/**
 * Replaces tfjs-node's gather kernel, which reads its indices back on every call to check them: a stall op by op, and
 * impossible in a trace. TensorFlow's own kernel checks them too and names the one that is out of range.
 */
export function registerGatherWithoutReadback(): void {
  const key = { kernelName: tf.GatherV2, backendName: 'tensorflow' };
  if (tf.getKernel(key.kernelName, key.backendName)) tf.unregisterKernel(key.kernelName, key.backendName);
  tf.registerKernel({ ...key, kernelFunc: gather });
}

const gather: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, indices } = inputs as Record<'x' | 'indices', tf.TensorInfo>;
  const { axis, batchDims } = attrs as unknown as tf.GatherV2Attrs;
  const native = backend as NativeBackend;
  const type = (name: string, dtype: string) => ({
    name,
    type: Reflect.get(native.binding, 'TF_ATTR_TYPE') as number,
    value: native.getDTypeInteger(dtype),
  });
  const attributes = [
    { name: 'batch_dims', type: Reflect.get(native.binding, 'TF_ATTR_INT') as number, value: batchDims },
    type('Tparams', x.dtype),
    type('Tindices', indices.dtype),
    type('Taxis', 'int32'),
  ];
  return tf.tidy(() => native.executeSingleOutput('GatherV2', attributes, [x, indices, tf.scalar(axis, 'int32')]));
};
