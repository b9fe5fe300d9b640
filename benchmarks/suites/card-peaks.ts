import { type CardProduct, type Precision, PRECISIONS } from '../contestants/card-contestants.js';
import { type Gemm, measureGemm, peakOf } from '../peers/gemm-peak.js';
import { digits } from '../table.js';

/** What one program's matrix product has reached on the card. */
export interface MeasuredProduct {
  readonly name: string;
  readonly precision: Precision;
  readonly gemm: Gemm;
}

/** Measures one product after another, each in a process of its own. */
export async function measureProducts(products: readonly CardProduct[]): Promise<MeasuredProduct[]> {
  const measured: MeasuredProduct[] = [];
  for (const { name, precision, launch } of products) {
    measured.push({ name, precision, gemm: await measureGemm(launch) });
  }
  return measured;
}

/** GFLOP/s of the fastest product in a precision, which is taken for the card's peak; undefined where there is none. */
export function cardPeak(products: readonly MeasuredProduct[], precision: Precision): number | undefined {
  const peaks = products.flatMap((product) => (product.precision === precision ? (peakOf(product.gemm) ?? []) : []));
  return peaks.length > 0 ? Math.max(...peaks) : undefined;
}

/** `FP32: TensorFlow 51,200 GFLOP/s, PyTorch 50,900 GFLOP/s, WebGPU absent; TF32: ...` */
export function productsLine(products: readonly MeasuredProduct[]): string {
  const lines = PRECISIONS.map((precision) => {
    const own = products.filter((product) => product.precision === precision);
    return `${precision}: ${own.map(describe).join(', ')}`;
  });
  return lines.join('; ');
}

function describe({ name, gemm }: MeasuredProduct): string {
  const peak = peakOf(gemm);
  return `${name} ${peak === undefined ? 'absent' : `${digits(peak)} GFLOP/s`}`;
}
