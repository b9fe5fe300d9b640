import { UserError } from '../../../errors.js';
import { Pauses } from '../../../system/pauses.js';
import type { Answer, Part, Request, Task } from './messages.js';
import { PageModel } from './page-model.js';

/** What of a worker's global scope is used; its types and the page's do not go together. */
interface Scope {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(answer: Answer, transfer?: Transferable[]): void;
}

/** Serves a page in its worker. */
export function serve(scope: Scope): void {
  const latest: Record<Task, number> = { read: -1, write: -1 };
  let model: PageModel | undefined;

  /** Goes through the answers of a task until another of its kind comes, looking at messages now and then. */
  async function run(task: Task, id: number, answers: (model: PageModel) => AsyncIterable<Bare> | Iterable<Bare>) {
    latest[task] = id;
    const pauses = new Pauses();
    try {
      if (!model) throw new Error('the model must be opened first');
      for await (const answer of answers(model)) {
        if (latest[task] !== id) return;
        scope.postMessage({ task, id, ...answer }, answer.type === 'parts' ? answer.parts.flatMap(buffersOf) : []);
        if (pauses.isDue) await pauses.pause();
      }
    } catch (error) {
      scope.postMessage({
        task,
        id,
        type: 'failed',
        message: error instanceof UserError ? error.message : String(error),
      });
    }
  }

  scope.onmessage = ({ data }) => {
    if (data.type === 'open') model = new PageModel(data.page);
    if (data.type === 'stop') latest.write = -1;
    if (data.type === 'read') void run('read', data.id, (model) => model.read(data.text));
    if (data.type === 'write') void run('write', data.id, (model) => model.write(data.options));
  };
}

/** What a part is in, which its sender has no more use for. */
function buffersOf({ levels, losses, likeliest, probabilities }: Part): ArrayBuffer[] {
  return [levels, losses, likeliest, probabilities].map(({ buffer }) => buffer as ArrayBuffer);
}

type Bare = Answer extends infer One ? (One extends Answer ? Omit<One, 'task' | 'id'> : never) : never;
