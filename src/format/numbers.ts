/** 1234567 → "1,234,567"; at most `digits` decimals. */
export function formatCount(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** A number to three significant digits: 0.1, 0.0285, 1.5e-7. */
export function formatSignificant(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Symbols a second in 6 characters or fewer: 950, 48.2k, 1.25M. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 999_950) return `${(perSecond / 1e6).toFixed(2)}M`;
  return perSecond >= 9_999.5 ? `${(perSecond / 1e3).toFixed(1)}k` : formatCount(perSecond);
}

/** A loss in both units: "1.6254 nats/char, 2.3449 bits/char". */
export function formatLoss(natsPerChar: number): string {
  return `${natsPerChar.toFixed(4)} nats/char, ${(natsPerChar / Math.LN2).toFixed(4)} bits/char`;
}

/** Bytes in the unit that suits them: 950 B, 48.2 MiB, 1.1 GiB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB'][power]}`;
}

/** Seconds as a clock shows them: 0:07, 12:30, 3:05:00, 2d 03:05:00. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [days, hours, minutes] = [
    Math.floor(whole / 86400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  const end = two(whole % 60);
  if (days > 0) return `${days}d ${two(hours)}:${two(minutes)}:${end}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${end}` : `${minutes}:${end}`;
}
