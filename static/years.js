/* The turn of the year: what is chosen for a whole group is shown at its children, until one is chosen for a child. */
"use strict";

function showGoal(select) {
  const said = select.selectedOptions[0]?.textContent ?? "";
  for (const child of document.querySelectorAll(`[data-of="${select.dataset.all}"]`)) {
    const asGroup = child.options[0];
    asGroup.dataset.word ??= asGroup.textContent;
    asGroup.textContent = select.value ? said : asGroup.dataset.word;
  }
}

function markChild(select) {
  select.classList.toggle("otherwise", select.value !== "");
}

document.querySelectorAll("[data-all]").forEach(showGoal);
document.querySelectorAll("[data-of]").forEach(markChild);
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-all]")) showGoal(event.target);
  if (event.target.matches?.("[data-of]")) markChild(event.target);
});
