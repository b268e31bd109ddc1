/* The day page: what its requests say of the rows on the screen. Loaded beside app.js. */
"use strict";

/* A row whose own tap is under way, was not saved, or in which somebody is writing, is nobody else's to change. */
function isBusy(row) {
  return row.matches(".htmx-request, .fail") || row.querySelector(".htmx-request, details[open]") !== null;
}

function freeRows() {
  return [...document.querySelectorAll("form.kid")].filter((row) => !isBusy(row));
}

document.addEventListener("htmx:configRequest", (event) => {
  const { elt, formData } = event.detail;
  if (elt.id === "poll") {
    const shown = freeRows().map((row) => row.id.slice("child-".length) + ":" + row.dataset.version);
    formData.set("rows", shown.join(","));
  }
  // „Visi likę atvyko“ is about the rows one sees unmarked, not about one just tapped whose answer is still to come.
  if (elt.id === "rest") {
    formData.delete("child");
    for (const input of freeRows().flatMap((row) => [...row.querySelectorAll("input[form=rest]")])) {
      formData.append("child", input.value);
    }
  }
});

/* The button that marked the rest goes with its work done: the keyboard stands on the next one then. */
let onRest = false;

document.addEventListener("htmx:beforeSwap", () => {
  onRest = document.activeElement?.id === "rest-go";
});

document.addEventListener("htmx:afterSettle", () => {
  if (onRest && document.activeElement === document.body) document.getElementById("submit-go")?.focus();
  onRest = false;
});
