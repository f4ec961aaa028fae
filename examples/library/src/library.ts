import { application } from 'carillon';
import { catalogueModule } from './catalogue/module.js';
import { circulation } from './circulation/module.js';

/** A lending library: a desk that decides, and a catalogue that shows. */
export const library = application('library', {
  description: 'A lending desk and a catalogue that share nothing but events.',
  modules: [circulation, catalogueModule],
});

export default library;
