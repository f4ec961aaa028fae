import '@carillon-examples/pages/page.css';
import './page.css';

import { openPage } from '@carillon-examples/pages';
import { App } from './app.js';

openPage(App);
