import '../shared/base.css';
import { element } from '../shared/element.js';
import { pageData } from '../shared/page-data.js';
import { themeButton } from '../shared/theme.js';

const { name } = pageData<{ name: string }>();

document.body.append(
  element('header', { class: 'page-head' }, element('h1', {}, name), themeButton()),
  element('main', {}),
);
