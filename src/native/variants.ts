/** The version of the TensorFlow library that every binding is built for and checked against. */
export const TENSORFLOW_VERSION = '2.19.0';

/** The version of `@tensorflow/tfjs-node` whose binding source the signal guard is written for. */
export const TFJS_NODE_VERSION = '4.22.0';

/** What TensorFlow computes on: the processor alone, or an NVIDIA card too. */
export type NativeDevice = 'cpu' | 'gpu';

/** One wheel: where libraries come from and how to know that it is the right one. */
export interface Wheel {
  /** The Python package that carries the libraries. */
  readonly project: string;
  readonly version: string;
  /** Tags that make pip choose this wheel, whatever Python runs pip. */
  readonly pythonVersion: string;
  readonly platformTags: readonly string[];
  /** SHA-256 of the wheel, from a real download and equal to the one in the package index. */
  readonly sha256: string;
  /** Size of the wheel in bytes: only for the progress of the download. */
  readonly bytes: number;
}

/** A wheel of TensorFlow, and those that its libraries need beside it. */
export interface WheelVariant extends Wheel {
  /** Node's `process.platform` and `process.arch`, such as `linux-x64`. */
  readonly platform: string;
  readonly device: NativeDevice;
  /** NVIDIA's libraries; none for the processor. */
  readonly companions: readonly Wheel[];
  /** Free space in bytes that the set-up takes at its height: unpacked libraries plus the copy that `strip` makes. */
  readonly diskBytes: number;
  /** The two shared libraries of the wheel, and the name under which the linker finds each. */
  readonly libraries: readonly Library[];
  /** Whether the whole set-up was ever run on this platform. */
  readonly tested: boolean;
}

/** A shared library by its own name and by the name that `-l` looks for. */
export interface Library {
  readonly name: string;
  readonly linkName: string;
}

/** The libraries of a wheel for Linux. */
export const linuxLibraries: readonly Library[] = [
  { name: 'libtensorflow_cc.so.2', linkName: 'libtensorflow.so' },
  { name: 'libtensorflow_framework.so.2', linkName: 'libtensorflow_framework.so' },
];

const macLibraries: readonly Library[] = [
  { name: 'libtensorflow_cc.2.dylib', linkName: 'libtensorflow.dylib' },
  { name: 'libtensorflow_framework.2.dylib', linkName: 'libtensorflow_framework.dylib' },
];

/** The wheels that a machine without a GPU uses. */
export const cpuVariants: readonly WheelVariant[] = [
  {
    platform: 'linux-x64',
    device: 'cpu',
    companions: [],
    project: 'tensorflow-cpu',
    version: TENSORFLOW_VERSION,
    pythonVersion: '3.11',
    platformTags: ['manylinux2014_x86_64', 'manylinux_2_17_x86_64'],
    sha256: '9389305ae3012288a5e367081b6757bfb9d86d4048c69989c659830b257e1c51',
    bytes: 251_793_806,
    diskBytes: 1_400_000_000,
    libraries: linuxLibraries,
    tested: true,
  },
  {
    platform: 'linux-arm64',
    device: 'cpu',
    companions: [],
    project: 'tensorflow',
    version: TENSORFLOW_VERSION,
    pythonVersion: '3.11',
    platformTags: ['manylinux2014_aarch64', 'manylinux_2_17_aarch64'],
    sha256: 'c92d3ff958ac0ee0eb343f10d4055b3a2815635cb3ee0836f9b1d735c76ee098',
    bytes: 252_660_103,
    diskBytes: 1_800_000_000,
    libraries: linuxLibraries,
    tested: false,
  },
  {
    platform: 'darwin-arm64',
    device: 'cpu',
    companions: [],
    project: 'tensorflow',
    version: TENSORFLOW_VERSION,
    pythonVersion: '3.11',
    platformTags: ['macosx_12_0_arm64'],
    sha256: '68d462278ad88c193c16d7b905864ff0117d61dc20deded9264d1999d513c115',
    bytes: 252_589_222,
    diskBytes: 1_000_000_000,
    libraries: macLibraries,
    tested: false,
  },
];
