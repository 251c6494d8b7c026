// A long list of units to tick: a field that leaves only those that fit, and how many are ticked. Without JavaScript the
// whole list is there.

const fold = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();

for (const box of document.querySelectorAll("[data-ix-units]")) {
  const search = box.querySelector("[data-ix-units-search]");
  const input = search.querySelector("input");
  const count = box.querySelector("[data-ix-units-count]");
  const items = [...box.querySelectorAll("li")].map((item) => [item, fold(item.textContent)]);
  const tell = () => {
    const ticked = box.querySelectorAll("li input:checked").length;
    count.textContent = ticked ? count.dataset.ixWords.replace("{count}", ticked) : "";
  };
  search.hidden = items.length < 8;
  input.addEventListener("input", () => {
    const wanted = fold(input.value.trim());
    for (const [item, text] of items) item.hidden = wanted !== "" && !text.includes(wanted);
  });
  // Enter here would send the form.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  box.addEventListener("change", tell);
  tell();
}
