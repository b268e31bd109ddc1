// Log-in slips: „choose all who wait“, and the number on the button. Without scripts one ticks one by one.
"use strict";
{
  const form = document.getElementById("slips");
  const button = document.getElementById("print");
  const said = button?.querySelector("span");
  const count = () => {
    const chosen = form.querySelectorAll("input:checked").length;
    said.textContent = chosen ? `${button.dataset.one} (${chosen})` : button.dataset.one;
    button.disabled = chosen === 0;
  };
  if (form && button) {
    form.addEventListener("change", count);
    for (const all of form.querySelectorAll("[data-all]")) {
      all.hidden = false;
      all.addEventListener("click", () => {
        for (const box of all.closest("[data-part]").querySelectorAll("[data-waits]")) box.checked = true;
        count();
      });
    }
    count();
  }
}
