// What the quiz page loads: the paper into the element marked data-ix-quiz.

import { pageContext } from "./api.js";
import { start } from "./lesson_page.js";
import { mount } from "./quiz_page.js";

const place = document.querySelector("[data-ix-quiz]");
const page = pageContext();
if (place !== null && page !== null) mount(place, page);
start();
