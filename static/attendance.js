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

/* Two workers may answer in another order than they wrote. Every row draws itself, but counters and buttons are
   everybody's: when writes were under way together and what came last disagrees with the rows, the page asks once how
   things are. What another tablet does meanwhile is the polling's to bring. */
let underWay = 0;
let together = false;

function isTap(event) {
  return event.detail.requestConfig?.verb === "post";
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isTap(event)) underWay += 1;
  if (underWay > 1) together = true;
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (isTap(event)) underWay -= 1;
});

function agrees() {
  const counted = (kind) => Number(document.querySelector(`#counters .${kind} b`).textContent);
  const drawn = (state) => document.querySelectorAll(`.kid-${state}`).length;
  return counted("left") === drawn("unmarked") && counted("in") === drawn("present") && counted("out") === drawn("absent");
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (!isTap(event) || underWay || !together) return;
  together = false;
  if (!agrees()) document.body.dispatchEvent(new Event("recount"));
});

/* A button drawn anew under a finger would lose the tap: what says the same is left as it is. */
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.id === "actions" && fragment.innerHTML?.trim() === target.innerHTML.trim()) event.detail.shouldSwap = false;
});
