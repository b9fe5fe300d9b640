import { cacheEntryTarget } from './cache-target.js';
import { checkpointTarget } from './checkpoint-target.js';
import { memoryCorpusTarget } from './corpus-target.js';
import { configTarget, optionsTarget } from './options-target.js';
import { safetensorsTarget } from './safetensors-target.js';
import { packedCorpusTarget, streamedCorpusTarget } from './streamed-target.js';
import type { FuzzTarget } from './target.js';

/** Every part of the program that reads what others wrote. */
export const TARGETS = [
  safetensorsTarget,
  checkpointTarget,
  memoryCorpusTarget,
  streamedCorpusTarget,
  packedCorpusTarget,
  cacheEntryTarget,
  optionsTarget,
  configTarget,
] as unknown as readonly FuzzTarget[];
