import { module } from 'carillon';
import { published } from '../circulation/events.js';
import { FindMembers, MemberAccount, OverdueLoans } from './account-queries.js';
import { accounts } from './accounts.js';
import { catalogue } from './catalogue.js';
import { RecommendedTitles, recommendations } from './recommendations.js';
import { SearchCatalogue } from './search.js';
import { Availability, TitleDetails } from './title-queries.js';

/** What readers and the desk look at. It knows the events of circulation, and nothing else of it. */
export const catalogueModule = module('catalogue', {
  consumes: published,
  readModels: [catalogue, accounts, recommendations],
  queries: [SearchCatalogue, TitleDetails, Availability, FindMembers, MemberAccount, OverdueLoans, RecommendedTitles],
});
