/** Dawn's package, to be installed by those who want WebGPU, as the versions that were tested. */
export const DAWN = 'webgpu@0.6.2';

/** All that `--backend webgpu` needs. */
export const PACKAGES = [DAWN, '@tensorflow/tfjs-backend-webgpu@4.22.0'];
