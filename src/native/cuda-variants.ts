import {
  cpuVariants,
  linuxLibraries,
  type NativeDevice,
  TENSORFLOW_VERSION,
  type Wheel,
  type WheelVariant,
} from './variants.js';

/** One of NVIDIA's wheels for CUDA 12: plain libraries, for any Python 3. */
function nvidia(library: string, version: string, bytes: number, sha256: string): Wheel {
  const project = `nvidia-${library}-cu12`;
  return { project, version, pythonVersion: '3.11', platformTags: ['manylinux2014_x86_64'], sha256, bytes };
}

/** The very versions that TensorFlow 2.19.0's wheel names under `and-cuda`: CUDA 12.5 and cuDNN 9.3. */
const nvidiaWheels: readonly Wheel[] = [
  nvidia('cublas', '12.5.3.2', 363_313_169, 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b'),
  nvidia('cuda-cupti', '12.5.82', 13_811_507, 'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953'),
  nvidia('cuda-nvcc', '12.5.82', 22_468_537, 'b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0'),
  nvidia('cuda-nvrtc', '12.5.82', 24_873_108, '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd'),
  nvidia('cuda-runtime', '12.5.82', 895_707, '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115'),
  nvidia('cudnn', '9.3.0.75', 577_163_502, '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d'),
  nvidia('cufft', '11.2.3.61', 192_524_114, '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8'),
  nvidia('curand', '10.3.6.82', 56_309_107, '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536'),
  nvidia('cusolver', '11.6.3.83', 130_341_232, '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b'),
  nvidia('cusparse', '12.5.1.3', 217_558_979, '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752'),
  nvidia('nccl', '2.23.4', 198_954_603, 'b097258d9aab2fa9f686e33c6fe40ae57b27df60cedbd15d139701bb5509e0c1'),
  nvidia('nvjitlink', '12.5.82', 21_298_879, 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212'),
];

/** The wheels for a machine with an NVIDIA card and its driver; all else that CUDA needs is in them. */
export const gpuVariants: readonly WheelVariant[] = [
  {
    platform: 'linux-x64',
    device: 'gpu',
    companions: nvidiaWheels,
    project: 'tensorflow',
    version: TENSORFLOW_VERSION,
    pythonVersion: '3.11',
    platformTags: ['manylinux2014_x86_64', 'manylinux_2_17_x86_64'],
    sha256: '390747786ac979809fa1cfcf6916220ef0bfed6b9e1b8c643b6b09184a868fe4',
    bytes: 644_894_885,
    diskBytes: 5_500_000_000,
    libraries: linuxLibraries,
    tested: false,
  },
];

/** The wheels for a platform such as `linux-x64`; undefined where TensorFlow offers none that this project can use. */
export function findVariant(platform: string, device: NativeDevice = 'cpu'): WheelVariant | undefined {
  return variantsFor(device).find((variant) => variant.platform === platform);
}

/** All platforms' wheels for a device. */
export function variantsFor(device: NativeDevice): readonly WheelVariant[] {
  return device === 'gpu' ? gpuVariants : cpuVariants;
}

/** Everything that is downloaded for a variant. */
export function wheelsOf(variant: WheelVariant): readonly Wheel[] {
  return [variant, ...variant.companions];
}
