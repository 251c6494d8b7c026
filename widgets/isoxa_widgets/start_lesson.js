// What a lesson's page loads: its surroundings here; the widgets, which come with it, as the cells ask for them.

import { start } from "./lesson_page.js";

// anywidget gives a model two seconds to be ready and then shuts it for good. An old computer that opens twelve at once,
// or one with other things to do, needs longer: on this page every such limit is at least a minute.
const PATIENCE_MS = 60000;
const limit = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => limit(Math.max(ms, PATIENCE_MS));

start();
