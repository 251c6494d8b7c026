// What the grading desk's page loads: the desk into the element marked data-ix-desk.

import { pageContext } from "./api.js";
import { mount } from "./grading_desk.js";
import { start } from "./lesson_page.js";

const place = document.querySelector("[data-ix-desk]");
const page = pageContext();
if (place !== null && page !== null) mount(place, page);
start();
