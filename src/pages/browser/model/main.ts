import '../shared/base.css';
import './model.css';
import type { ModelPage } from '../../model-page.js';
import { pageData } from '../shared/page-data.js';
import { ModelScreen } from './model-screen.js';
import { serve } from './worker.js';

// One script for both: the page starts a worker with what it runs itself.
if ('document' in globalThis) {
  const script = document.currentScript?.textContent ?? '';
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  new ModelScreen(pageData<ModelPage>(), worker).start();
} else {
  serve(globalThis as unknown as Parameters<typeof serve>[0]);
}
