// A map's links by keyboard and pointer: one stop of the Tab key, arrows to the neighbour that lies that way, and a line
// that says what is pointed at. Without this script every link is a stop of its own and nothing else changes.

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The place that lies `way` of `from`: near, and rather straight ahead than aside. Places: [x, y]. */
export function neighbour(places, from, way) {
  let best = -1;
  let least = Infinity;
  places.forEach(([x, y], index) => {
    const [dx, dy] = [x - places[from][0], y - places[from][1]];
    const ahead = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    if (index === from || ahead <= 0 || aside > 2.5 * ahead) return;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [index, cost];
  });
  return best;
}

function bring(svg) {
  const links = [...svg.querySelectorAll("a")];
  if (links.length === 0) return;
  const places = links.map((link) => link.dataset.at.split(",").map(Number));
  const said = svg.closest("figure")?.querySelector("[data-ix-map-said]");
  const atFirst = said?.textContent;
  const say = (link) => {
    if (said) said.textContent = link ? link.getAttribute("aria-label") : atFirst;
  };
  const settle = (index) => links.forEach((link, other) => link.setAttribute("tabindex", other === index ? "0" : "-1"));
  settle(0);
  links.forEach((link, index) => {
    link.addEventListener("focus", () => {
      settle(index);
      say(link);
    });
    link.addEventListener("blur", () => say(null));
    link.addEventListener("pointerenter", () => say(link));
    link.addEventListener("pointerleave", () => say(svg.contains(document.activeElement) ? document.activeElement : null));
    link.addEventListener("keydown", (event) => {
      const way = WAYS[event.key];
      if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const next = neighbour(places, index, way);
      if (next >= 0) links[next].focus();
    });
  });
}

for (const svg of globalThis.document?.querySelectorAll("svg[data-ix-map]") ?? []) bring(svg);
