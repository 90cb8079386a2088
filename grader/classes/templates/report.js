"use strict";
const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare;
const keyOf = (row, column) => {
  const cell = row.cells[column];
  return cell.dataset.sort ?? cell.textContent.trim();
};
const before = (first, second) => {
  const numbers = [first, second].map(Number);
  return numbers.some(Number.isNaN) ? compare(first, second) : numbers[0] - numbers[1];
};

function sort(table, column) {
  const head = table.tHead.rows[0].cells;
  const down = head[column].getAttribute("aria-sort") === "ascending";
  for (const cell of head) if (cell.hasAttribute("aria-sort")) cell.setAttribute("aria-sort", "none");
  head[column].setAttribute("aria-sort", down ? "descending" : "ascending");
  const rows = [...table.tBodies[0].rows];
  const empty = rows.filter((row) => keyOf(row, column) === "");
  const others = rows.filter((row) => keyOf(row, column) !== "");
  others.sort((one, other) => (down ? -1 : 1) * before(keyOf(one, column), keyOf(other, column)));
  table.tBodies[0].append(...others, ...empty);
}

for (const table of document.querySelectorAll("table.sorted")) {
  for (const cell of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...cell.childNodes);
    cell.append(button);
    cell.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sort(table, cell.cellIndex));
  }
}

const search = document.getElementById("search");
const students = document.getElementById("of-students");
const shown = document.getElementById("shown");
const texts = new Map([...students.tBodies[0].rows].map((row) => [row, plain(row.textContent)]));
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
function filter() {
  const words = plain(search.value).split(/\s+/).filter(Boolean);
  let number = 0;
  for (const [row, text] of texts) {
    row.hidden = !words.every((word) => text.includes(word));
    number += row.hidden ? 0 : 1;
  }
  shown.textContent = `${number} of ${texts.size} shown`;
}
search.addEventListener("input", filter);
search.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { search.value = ""; filter(); }
});
document.querySelector(".search").hidden = false;
filter();

function open() {
  const found = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (found instanceof HTMLDetailsElement) { found.open = true; found.querySelector("summary").focus(); found.scrollIntoView(); }
}
addEventListener("hashchange", open);
for (const link of document.querySelectorAll('a[href^="#feedback-"]')) link.addEventListener("click", () => setTimeout(open));
open();
