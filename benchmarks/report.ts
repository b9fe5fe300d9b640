import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../src/errors.js';
import { type Machine, machineLine } from './machine.js';
import { markdownTable, type Table, textTable } from './table.js';

/** What one suite found. */
export interface SuiteReport {
  /** Everything measured, raw: the content of the JSON file. */
  readonly findings: object;
  readonly tables: readonly Table[];
  /** Sentences that stand below the tables. */
  readonly notes: readonly string[];
  /** Draws the chart as the text of an SVG file. */
  readonly chart: () => Promise<string>;
}

/** Where, when and on what a suite was run. */
export interface Circumstances {
  readonly suite: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  /** Whether the run was just a look, too short to be quoted. */
  readonly quick: boolean;
  readonly machine: Machine;
  /** The corpus's file name, characters and distinct characters V. */
  readonly corpus: { readonly name: string; readonly length: number; readonly vocabularySize: number };
}

/** A report as text for a terminal. */
export function reportText({ tables, notes }: SuiteReport): string {
  return [...tables.map(textTable), ...(notes.length > 0 ? [notes.join('\n')] : [])].join('\n\n');
}

/** A report as Markdown, with the circumstances in small print below. */
export function reportMarkdown({ tables, notes }: SuiteReport, circumstances: Circumstances): string {
  const { date, quick, machine, corpus } = circumstances;
  const text = `${corpus.name}, ${corpus.length.toLocaleString('en-US')} characters, V = ${corpus.vocabularySize}`;
  const how = quick ? ' A quick look, not a measurement.' : '';
  const small = `<sub>${date.slice(0, 10)}; ${machineLine(machine)}; ${text}.${how}</sub>`;
  return `${[...tables.map(markdownTable), ...notes, small].join('\n\n')}\n`;
}

/**
 * Writes `<folder>/<suite>.json`, `.md` and `.svg`.
 * @returns a line for each file: its path, or why there is no chart.
 */
export async function writeReport(
  folder: string,
  report: SuiteReport,
  circumstances: Circumstances,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const path = (ending: string) => join(folder, `${circumstances.suite}.${ending}`);
  await writeFile(path('json'), `${JSON.stringify({ ...circumstances, ...report.findings }, null, 2)}\n`);
  await writeFile(path('md'), reportMarkdown(report, circumstances));
  return [path('json'), path('md'), await writeChart(path('svg'), report)];
}

async function writeChart(path: string, { chart }: SuiteReport): Promise<string> {
  try {
    await writeFile(path, await chart());
    return path;
  } catch (error) {
    return `no chart: ${messageOf(error)}`;
  }
}
