import '../shared/base.css';
import './dashboard.css';
import type { RunRecord } from '../../../dashboard/record.js';
import { element } from '../shared/element.js';
import { themeButton } from '../shared/theme.js';
import { chart } from './chart.js';
import { follow, type Link } from './connection.js';
import { notes, options } from './details.js';
import { head } from './head.js';
import { samples } from './samples.js';
import { tiles } from './tiles.js';
import { keptView } from './view.js';

const view = keptView();
let record: RunRecord | undefined;
let link: Link = 'connecting';
let isDue = false;

const top = head();
const panels = [tiles(), chart(view, () => showSoon()), samples(), options(), notes()];

document.body.append(
  element('header', { class: 'page-head' }, top.title, themeButton()),
  element('main', {}, top.node, ...panels.map(({ node }) => node)),
);

/** Shows the record with the next frame: a page that is not seen has none, and costs nothing. */
function showSoon(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    top.show(record, link);
    for (const { show } of panels) if (record) show(record, view);
  });
}

follow((now, state) => {
  [record, link] = [now, state];
  showSoon();
});
showSoon();
