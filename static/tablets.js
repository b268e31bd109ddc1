// The keys under the number's field: for fingers that do not wait for a keyboard to come up.
"use strict";
{
  const field = document.getElementById("pin");
  const keys = document.getElementById("keys");
  if (field && keys) {
    keys.hidden = false;
    keys.addEventListener("click", (event) => {
      const key = event.target.closest("button");
      if (!key) return;
      if (key.dataset.digit) field.value = (field.value + key.dataset.digit).slice(0, 6);
      if ("back" in key.dataset) field.value = field.value.slice(0, -1);
    });
  }
}
