/* The month sheet: choose cells with finger, mouse or keys, then give them a reason.
   Arrows move, Shift draws a run, Space toggles, Enter on a name or a day takes its absences, a letter gives its
   reason, Delete makes it unknown again, Escape chooses nothing. Without this file boxes in the cells do the same. */
"use strict";

(() => {
  let anchor = null; // where a run began
  let last = null; // where the keyboard is: {row, column}
  let drawing = null; // a run being drawn with the pointer
  let hand = null; // what chose last: "touch", "mouse" or "keys"

  const table = () => document.querySelector("table.sheet");
  const rows = () => [...table().tHead.rows, ...table().tBodies[0].rows];
  const editable = () => table()?.hasAttribute("data-edit");
  const days = () => table().tHead.rows[0].querySelectorAll("th[data-day]").length;
  const cellAt = (row, column) => rows()[row]?.cells[column];

  function placeOf(cell) {
    return { row: rows().indexOf(cell.parentElement), column: cell.cellIndex };
  }

  const isMark = ({ row, column }) => row > 0 && column > 0 && column <= days();

  /* --- what is chosen ---------------------------------------------------------------------------------------------- */

  const chosen = () => [...table().querySelectorAll(".chosen-cell")];

  function choose(cells, on = true) {
    for (const cell of cells) {
      cell.classList.toggle("chosen-cell", on);
      if (on) cell.setAttribute("aria-selected", "true");
      else cell.removeAttribute("aria-selected");
    }
  }

  const nothing = () => choose(chosen(), false);

  function run(from, to) {
    const cells = [];
    for (let row = Math.min(from.row, to.row); row <= Math.max(from.row, to.row); row++) {
      for (let column = Math.min(from.column, to.column); column <= Math.max(from.column, to.column); column++) {
        const cell = cellAt(row, column);
        if (cell && isMark({ row, column }) && !cell.matches(".off, .away")) cells.push(cell);
      }
    }
    return cells;
  }

  /* A name takes its row's absences, a day its column's. */
  function line({ row, column }) {
    const from = row === 0 ? { row: 1, column } : { row, column: 1 };
    const to = row === 0 ? { row: rows().length - 1, column } : { row, column: days() };
    return run(from, to).filter((cell) => cell.classList.contains("a"));
  }

  function valueOf(cell) {
    const head = table().tHead.rows[0].cells[cell.cellIndex];
    return `${cell.parentElement.dataset.child}:${head.dataset.day}`;
  }

  function dayOf(cell) {
    return Number(table().tHead.rows[0].cells[cell.cellIndex].dataset.day.slice(-2));
  }

  /* „9–11, 13 d.“ */
  function spoken(cells) {
    const numbers = [...new Set(cells.map(dayOf))].sort((a, b) => a - b);
    const parts = [];
    for (const number of numbers) {
      const part = parts.at(-1);
      if (part && part[1] === number - 1) part[1] = number;
      else parts.push([number, number]);
    }
    return parts.map(([a, b]) => (a === b ? a : `${a}–${b}`)).join(", ") + " d.";
  }

  function tell(empty) {
    const words = document.getElementById("chosen");
    if (!words) return;
    const cells = chosen();
    const names = [...new Set(cells.map((cell) => cell.parentElement.cells[0].textContent))];
    if (!cells.length) words.textContent = empty || words.dataset.none;
    else if (names.length === 1) words.textContent = `${names[0]}, ${spoken(cells)} (${cells.length})`;
    else words.textContent = `${spoken(cells)} (${cells.length})`;
    document.getElementById("reasons").classList.toggle("idle", !cells.length);
    const fields = cells.map((cell) => {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "cells";
      field.value = valueOf(cell);
      return field;
    });
    document.getElementById("chosen-cells").replaceChildren(...fields);
  }

  /* Fingers have no Ctrl: one tap after another adds. After a mouse or the keys a tap begins anew, as a click does. */
  const goesOn = (pointer) => pointer === "touch" && hand === "touch";

  function take(place, { add = false, extend = false } = {}) {
    if (isMark(place)) {
      const cell = cellAt(place.row, place.column);
      if (cell.matches(".off, .away")) return;
      if (extend && anchor) {
        nothing();
        choose(run(anchor, place));
      } else {
        const was = cell.classList.contains("chosen-cell");
        const alone = was && chosen().length === 1;
        if (!add) nothing();
        choose([cell], add ? !was : !alone);
        anchor = place;
      }
      tell();
      return;
    }
    const cells = line(place);
    const all = cells.length && cells.every((cell) => cell.classList.contains("chosen-cell"));
    if (!add) nothing();
    choose(cells, !all);
    anchor = null;
    tell(cells.length ? "" : document.getElementById("chosen").dataset.noAbsence);
  }

  /* --- pointer ----------------------------------------------------------------------------------------------------- */

  function target(event) {
    const cell = event.target.closest?.("table.sheet th, table.sheet td");
    if (!cell || cell.closest("tfoot")) return null;
    const place = placeOf(cell);
    if (place.column > days() || (place.row === 0 && (place.column === 0 || cell.matches(".off")))) return null;
    return place;
  }

  document.addEventListener("pointerdown", (event) => {
    const place = event.button === 0 && editable() && target(event);
    if (!place) return;
    const cell = cellAt(place.row, place.column);
    const pointer = event.pointerType === "mouse" ? "mouse" : "touch";
    drawing = { from: place, moved: false, pointer, shift: event.shiftKey, add: event.ctrlKey || event.metaKey };
    if (pointer === "touch" && cell.hasPointerCapture?.(event.pointerId)) cell.releasePointerCapture(event.pointerId);
  });

  document.addEventListener("pointermove", (event) => {
    crosshair(event);
    if (!drawing || !isMark(drawing.from) || drawing.shift) return;
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("table.sheet td");
    if (!under) return;
    const place = placeOf(under);
    if (!isMark(place) || (!drawing.moved && place.row === drawing.from.row && place.column === drawing.from.column)) return;
    if (!drawing.moved && !drawing.add && !goesOn(drawing.pointer)) nothing();
    hand = drawing.pointer;
    if (drawing.moved) choose(run(drawing.from, drawing.to), false);
    drawing.moved = true;
    drawing.to = place;
    anchor = drawing.from;
    choose(run(drawing.from, place));
    tell();
  });

  document.addEventListener("pointerup", (event) => {
    const begun = drawing;
    drawing = null;
    if (!begun || begun.moved) return;
    const place = target(event);
    if (!place || place.row !== begun.from.row || place.column !== begun.from.column) return;
    focusOn(place, false);
    take(place, { add: begun.add || goesOn(begun.pointer), extend: begun.shift });
    hand = begun.pointer;
    /* the bar of reasons has come up: the cell must not end behind it */
    if (isMark(place)) cellAt(place.row, place.column).scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  /* A finger that draws neither scrolls nor throws the page: the tap that follows must not be taken for a stop. */
  document.addEventListener("touchmove", (event) => drawing?.moved && event.preventDefault(), { passive: false });

  document.addEventListener("pointercancel", () => (drawing = null)); // the finger scrolls

  let column = -1;

  function crosshair(event) {
    const cell = event.target.closest?.("table.sheet td, table.sheet th");
    const now = cell ? cell.cellIndex : -1;
    if (now === column || !table()) return;
    column = now;
    table().querySelectorAll(".at").forEach((old) => old.classList.remove("at"));
    if (now > 0) {
      table().querySelectorAll("col")[now]?.classList.add("at");
      table().tHead.rows[0].cells[now]?.classList.add("at");
    }
  }

  /* --- keyboard ---------------------------------------------------------------------------------------------------- */

  function focusOn(place, scroll = true) {
    const cell = cellAt(place.row, place.column);
    if (!cell) return false;
    table().querySelectorAll("[tabindex]").forEach((old) => old.removeAttribute("tabindex"));
    cell.tabIndex = 0;
    cell.focus({ preventScroll: !scroll });
    if (scroll) cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    last = place;
    return true;
  }

  /* Where an arrow leads: over days off and days without a place, never out of the sheet (null). */
  function next(place, [down, right]) {
    let { row, column } = place;
    for (;;) {
      row += down;
      column += right;
      const cell = column <= days() ? cellAt(row, column) : null;
      if (!cell || (row === 0 && column === 0)) return null;
      if (!cell.matches(".off, .away")) return { row, column };
    }
  }

  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  function give(letter) {
    const button = [...document.querySelectorAll("button.reason")].find((one) => one.dataset.letter.toLowerCase() === letter);
    if (!button || !chosen().length) return false;
    button.form.requestSubmit(button);
    return true;
  }

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.("table.sheet th, table.sheet td");
    if (!cell || !editable() || event.ctrlKey || event.metaKey || event.altKey) return;
    const place = placeOf(cell);
    let handled = true;
    if (ARROWS[event.key]) {
      const to = next(place, ARROWS[event.key]);
      if (to && event.shiftKey && isMark(place)) {
        if (isMark(to)) draw(place, to); // a run of marks ends with them
      } else if (to) {
        focusOn(to);
        anchor = isMark(to) ? to : null;
      }
    } else if (event.key === "Home") focusOn(place.row ? { row: place.row, column: 0 } : next({ row: 0, column: 0 }, ARROWS.ArrowRight));
    else if (event.key === "End") focusOn(next({ row: place.row, column: days() + 1 }, ARROWS.ArrowLeft) || place);
    else if (event.key === " " || event.key === "Enter") {
      take(place, { add: event.key === " " || !isMark(place) });
      hand = "keys";
    } else if (event.key === "Escape") {
      nothing();
      tell();
    } else if (event.key === "Delete" || event.key === "Backspace" || event.key === "?") handled = typed(place, "?");
    else if (event.key.length === 1) handled = typed(place, event.key.toLowerCase());
    else handled = false;
    if (handled) event.preventDefault();
  });

  function draw(from, to) {
    anchor ??= from;
    focusOn(to);
    nothing();
    choose(run(anchor, to));
    hand = "keys";
    tell();
  }

  /* A letter with nothing chosen means the cell one stands on. */
  function typed(place, letter) {
    if (!chosen().length && isMark(place) && !cellAt(place.row, place.column).matches(".off, .away")) {
      choose([cellAt(place.row, place.column)]);
      tell();
    }
    return give(letter);
  }

  /* --- when the sheet is drawn (anew) ------------------------------------------------------------------------------ */

  function ready() {
    if (!table()) return;
    column = -1;
    const bar = document.getElementById("reasons");
    if (bar) bar.hidden = !editable(); // locked meanwhile
    if (!editable()) return;
    anchor = hand = null;
    tell();
    const first = table().querySelector("tbody td.a") || table().querySelector("tbody td:not(.off, .away)");
    if (!last && first) first.tabIndex = 0;
  }

  /* A wide sheet opens at today, a month that is over at its last filled day; whole days stand beside the names. */
  function showLatest() {
    const wrap = document.querySelector(".sheet-wrap");
    if (!wrap || !table()) return;
    const heads = [...table().tHead.rows[0].querySelectorAll("th[data-day]")];
    const came = table().tFoot.rows[0].cells;
    const latest =
      heads.find((head) => head.dataset.day === document.body.dataset.today) ||
      heads.findLast((head) => Number(came[head.cellIndex].textContent) > 0);
    if (!latest) return;
    const names = table().tHead.rows[0].cells[0].offsetWidth;
    const before = (head) => head.offsetLeft - heads[0].offsetLeft; // how far to scroll for it to stand first
    const least = before(latest) + names + 3 * latest.offsetWidth - wrap.clientWidth; // two more days after it
    if (least > 0) wrap.scrollLeft = before(heads.find((head) => before(head) >= least) || latest);
  }

  /* The reasons stand outside the form they belong to; HTMX would not send which of them was pressed. */
  document.addEventListener("htmx:configRequest", (event) => {
    const pressed = event.detail.triggeringEvent?.submitter;
    if (pressed?.matches("button.reason")) event.detail.parameters[pressed.name] = pressed.value;
  });

  /* A print comes as a download and leaves the page as it was: its list of versions is fetched anew. */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.prints") || !document.getElementById("versions")) return;
    const again = () => htmx.ajax("GET", location.pathname, { target: "#versions", select: "#versions", swap: "outerHTML" });
    setTimeout(again, 2000);
  });

  let scrolled = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const wrap = document.querySelector(".sheet-wrap");
    const inside = wrap?.contains(document.activeElement) || document.activeElement?.closest("#reasons");
    scrolled = wrap && { left: wrap.scrollLeft, top: wrap.scrollTop, inside };
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!table()) return;
    ready();
    const wrap = document.querySelector(".sheet-wrap");
    if (scrolled && wrap) {
      wrap.scrollLeft = scrolled.left;
      wrap.scrollTop = scrolled.top;
      if (scrolled.inside && last) focusOn(last, false);
    }
  });

  ready();
  showLatest();
})();
