import { Vocabulary } from '../../../corpus/vocabulary.js';
import { formatCount } from '../../../format/numbers.js';
import { LIKELIEST } from '../../../model/reference/text-reader.js';
import type { ModelPage } from '../../model-page.js';
import { element } from '../shared/element.js';
import { themeButton } from '../shared/theme.js';
import { charactersOf } from './characters.js';
import { ColourControl } from './colour-control.js';
import { classAt, type Colouring } from './colouring.js';
import { Inspector } from './inspector.js';
import type { Answer, Request, Task } from './messages.js';
import { ReadPanel } from './read-panel.js';
import { Recording } from './recording.js';
import { addShades } from './shades.js';
import { TextView } from './text-view.js';
import { Units } from './units.js';
import { WritePanel } from './write-panel.js';

/** A text on the screen: what is known of it, where it is shown, which answers belong to it. */
class Shown {
  id = -1;
  startedAt = 0;
  unknown: readonly string[] = [];
  view: TextView;

  constructor(
    public recording: Recording,
    label: string,
    colouring: () => Colouring,
    onPoint: (shown: Shown, position: number, byKeys: boolean) => void,
  ) {
    this.view = new TextView({
      label: `${label}. Arrow keys go from character to character.`,
      classAt: (position) => classAt(this.recording, position, colouring()),
      onPoint: (position, byKeys) => onPoint(this, position, byKeys),
    });
  }
}

/** The whole page of a model: panels that show what the worker answers. */
export class ModelScreen {
  readonly #vocabulary: Vocabulary;
  readonly #texts: Record<Task, Shown>;
  readonly #inspector: Inspector;
  readonly #colours = new ColourControl((kind) => this.#colourBy(kind));
  readonly #units: Units;
  readonly #readPanel: ReadPanel;
  readonly #writePanel: WritePanel;
  #colouring: Colouring = { kind: 'none' };
  #unit: number | undefined;
  #requests = 0;

  constructor(
    readonly page: ModelPage,
    readonly worker: Worker,
  ) {
    const { symbols, encoding, substitutes } = page.vocabulary;
    this.#vocabulary = new Vocabulary(symbols, encoding, substitutes);
    this.#inspector = new Inspector((symbol) => this.#charactersOf(Int32Array.of(symbol))[0]);
    const shown = (label: string) =>
      new Shown(
        this.#newRecording(),
        label,
        () => this.#colouring,
        (...where) => this.#point(...where),
      );
    this.#texts = { read: shown('The text that is read'), write: shown('The text that is written') };
    this.#units = new Units(page.hiddenSize, (unit) => this.#chooseUnit(unit));
    const parts = {
      colours: this.#colours.element,
      view: this.#texts.read.view.element,
      inspector: this.#inspector.element,
    };
    this.#readPanel = new ReadPanel(page.text.title, parts, (text) => this.#read(text));
    this.#writePanel = new WritePanel(this.#texts.write.view.element, {
      onWrite: (options) => this.#ask('write', { type: 'write', id: this.#begin('write'), options }),
      onStop: () => this.#stop(),
      written: () => this.#written(),
      writtenLength: () => this.#texts.write.recording.length,
    });
  }

  /** Puts the page together and reads its text. */
  start(): void {
    addShades();
    const [first = '', ...facts] = this.page.facts;
    document.body.append(
      element(
        'header',
        { class: 'page-head' },
        element(
          'div',
          {},
          element('h1', {}, this.page.name),
          element('p', { class: 'lead' }, first),
          ...facts.map((fact) => element('p', { class: 'small soft number' }, fact)),
        ),
        themeButton(),
      ),
      element('main', { class: 'panels' }, this.#readPanel.element, this.#units.element, this.#writePanel.element),
    );
    this.#show();
    this.#writePanel.show('The model continues from where training left it.', false);
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#receive(data);
    this.#post({ type: 'open', page: this.page });
    this.#read(undefined);
  }

  #read(text: string | undefined): void {
    this.#ask('read', { type: 'read', id: this.#begin('read'), text });
  }

  /** Empties a text for what comes. @returns the id of its answers. */
  #begin(task: Task): number {
    const shown = this.#texts[task];
    shown.id = this.#requests++;
    shown.startedAt = performance.now();
    shown.recording = this.#newRecording();
    shown.view.show([]);
    return shown.id;
  }

  #ask(task: Task, request: Request): void {
    if (task === 'read') {
      this.#units.rank(undefined);
      this.#readPanel.start();
    } else {
      this.#writePanel.show('writing', true);
    }
    this.#post(request);
  }

  #post(request: Request): void {
    this.worker.postMessage(request);
  }

  #stop(): void {
    this.#post({ type: 'stop' });
    const { write } = this.#texts;
    write.id = -1;
    write.view.flush();
    this.#writePanel.show(`stopped after ${formatCount(write.recording.length)} characters`, false);
  }

  #receive(answer: Answer): void {
    const shown = this.#texts[answer.task];
    if (answer.id !== shown.id) return;
    if (answer.type === 'failed') this.#fail(answer.task, answer.message);
    else if (answer.task === 'read') this.#receiveRead(shown, answer);
    else this.#receiveWritten(shown, answer);
  }

  #receiveRead(shown: Shown, answer: Answer): void {
    if (answer.type === 'text') {
      shown.recording = this.#newRecording(answer.symbols);
      shown.unknown = answer.unknown;
      shown.view.show(this.#charactersOf(answer.symbols));
      this.#readPanel.begin(() => this.#vocabulary.decode(answer.symbols));
    }
    if (answer.type === 'parts') {
      const { known } = shown.recording;
      for (const part of answer.parts) shown.recording.append(part);
      shown.view.repaint(known, shown.recording.known);
      if (known === 0) this.#point(shown, 0, false);
      this.#readPanel.progress(shown.recording.known, shown.recording.length);
    }
    if (answer.type === 'done') {
      const best = this.#units.rank(answer.ranks);
      shown.view.flush();
      const seconds = (performance.now() - shown.startedAt) / 1000;
      this.#readPanel.done(shown.recording.length, shown.recording.meanLoss(), seconds, shown.unknown);
      if (this.#unit === undefined && best !== undefined) this.#chooseUnit(best);
    }
  }

  #receiveWritten(shown: Shown, answer: Answer): void {
    if (answer.type === 'parts') {
      const { known } = shown.recording;
      for (const part of answer.parts) {
        shown.recording.append(part);
        if (part.symbols) shown.view.append(this.#charactersOf(part.symbols));
      }
      shown.view.repaint(known);
      this.#writePanel.show(`writing, ${formatCount(shown.recording.length)} characters`, true);
    }
    if (answer.type === 'done') {
      shown.view.flush();
      const seconds = (performance.now() - shown.startedAt) / 1000;
      this.#writePanel.show(`${formatCount(shown.recording.length)} characters in ${seconds.toFixed(2)} s`, false);
    }
  }

  #fail(task: Task, message: string): void {
    if (task === 'read') this.#readPanel.fail(message);
    else this.#writePanel.show(message, false);
  }

  #point(shown: Shown, position: number, byKeys: boolean): void {
    if (position >= shown.recording.length) return;
    this.#inspector.show(shown.recording, position, byKeys);
    this.#units.show(shown.recording, position);
  }

  #chooseUnit(unit: number): void {
    this.#unit = unit;
    this.#colouring = { kind: 'unit', unit };
    this.#show();
  }

  #colourBy(kind: Colouring['kind']): void {
    this.#colouring = kind === 'unit' ? { kind, unit: this.#unit ?? 0 } : { kind };
    this.#show();
  }

  #show(): void {
    this.#colours.show(this.#colouring, this.#unit);
    this.#units.choose(this.#colouring.kind === 'unit' ? this.#colouring.unit : undefined);
    for (const { view } of Object.values(this.#texts)) view.repaint();
  }

  #written(): string {
    const { recording } = this.#texts.write;
    return this.#vocabulary.decode(Array.from({ length: recording.length }, (_, i) => recording.symbolAt(i)));
  }

  #charactersOf(symbols: Int32Array): string[] {
    return charactersOf(this.#vocabulary, symbols);
  }

  #newRecording(symbols?: Int32Array): Recording {
    return new Recording(this.page.hiddenSize, Math.min(LIKELIEST, this.#vocabulary.size), symbols);
  }
}
