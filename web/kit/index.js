// Loaded on every page. Nothing here is needed to work a task: it spares reloading and adds up figures.
import './htmx.js';
import { watchDrafts } from './drafts.js';
import { watchFocus } from './focus.js';
import { watchKeys } from './keys.js';
import { watchLive } from './live.js';
import { watchMentions } from './mentions.js';
import { watchPicks } from './picks.js';
import { watchPreviews } from './previews.js';
import { watchPrint } from './print.js';
import { watchScores } from './scores.js';
import { watchSums } from './sums.js';

watchSums(document);
watchScores(document);
watchPreviews(document);
watchPrint(document);
watchFocus(document);
watchLive(document);
watchMentions(document);
watchDrafts(document);
watchKeys(document);
watchPicks(document);
