// What a lesson's page loads: its surroundings here; the widgets, which come with it, as the cells ask for them.

import { start } from "./lesson_page.js";

start();
