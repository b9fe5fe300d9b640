/**
 * The part of tfjs-node that computes: its kernels, which register themselves with TensorFlow.js, and its backend. It
 * loads no binding. In the build its code itself stands here (scripts/build.ts), so that a package manager need not
 * install tfjs-node, whose install script fails.
 */
require('@tensorflow/tfjs-node/dist/register_all_kernels');
exports.NodeJSKernelBackend = require('@tensorflow/tfjs-node/dist/nodejs_kernel_backend').NodeJSKernelBackend;
