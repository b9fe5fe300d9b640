import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { type Manager, NPM } from './managers.js';
import type { Prepared } from './prepare.js';
import { Project } from './project.js';

const prepared = inject('consumer');

/** Whether tests of a consumer's project are to be skipped, and what their titles say then. */
export const withoutConsumer =
  prepared === undefined
    ? { skip: true, title: ' (skipped: it fetches package managers and installs with them; npm run test:consumer)' }
    : { skip: false, title: '' };

/** What was prepared for these tests. @throws where they are to be skipped. */
export function consumer(): Prepared {
  if (prepared) return prepared;
  throw new Error('these tests must be skipped where nothing was prepared for them');
}

/** A project of a test's own, in which nothing is installed yet. */
export function newProject(manager: Manager): Project {
  const project = Project.create(manager, consumer());
  onTestFinished(() => project.remove());
  return project;
}

/** A folder of the project that all tests share, where npm has installed the package. */
export function folderOfProject(name: string): Project {
  const { tools, project } = consumer();
  return new Project(NPM, tools, join(project, name));
}

/** The commands under "Try next:". */
export function adviceOf(output: string): string[] {
  const lines = output.slice(output.indexOf('Try next:')).split('\n').slice(1);
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}
