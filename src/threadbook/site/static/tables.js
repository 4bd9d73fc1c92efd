// Tables of records: search, filters and sorting. Without this script they are plain tables.
(() => {
  "use strict";
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // What a cell sorts by; null for an empty cell, and among numbers for one without.
  function sortKey(cell, numeric) {
    const text = (cell.dataset.sort ?? cell.textContent).trim();
    const key = numeric ? parseFloat(text) : text;
    return text === "" || Number.isNaN(key) ? null : key;
  }

  function enhance(box) {
    const form = box.querySelector("form");
    const status = box.querySelector("[role=status]");
    const table = box.querySelector("table");
    const heads = [...table.tHead.rows[0].cells];
    const fields = [...form.elements].filter((field) => field.name);
    const body = table.tBodies[0];
    const rows = [...body.rows];
    let order = 0; // number of a column, from 1; negative where descending
    let texts = null; // what each row is searched by, once somebody searches

    function readTexts() {
      const read = (row) => fold(`${row.textContent} ${row.dataset.words ?? ""}`);
      return new Map(rows.map((row) => [row, read(row)]));
    }

    function filter() {
      const words = fold(form.q.value).split(/\s+/).filter(Boolean);
      if (words.length) texts ??= readTexts();
      const chosen = fields.filter((field) => field !== form.q && field.value);
      let count = 0;
      for (const row of rows) {
        const found =
          chosen.every(({ name, value }) => row.dataset[name].split("\n").includes(value)) &&
          words.every((word) => texts.get(row).includes(word));
        if (row.hidden === found) row.hidden = !found;
        count += found;
      }
      status.firstElementChild.textContent = count;
    }

    function sort() {
      const head = heads[Math.abs(order) - 1];
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      if (!head) return;
      head.setAttribute("aria-sort", order < 0 ? "descending" : "ascending");
      const numeric = head.dataset.kind === "number";
      const keys = new Map(
        rows.map((row) => [row, sortKey(row.cells[head.cellIndex], numeric)])
      );
      const compare = (a, b) => {
        if (a === null || b === null) return (a === null) - (b === null);
        return (numeric ? a - b : collator.compare(a, b)) * Math.sign(order);
      };
      body.append(...[...rows].sort((a, b) => compare(keys.get(a), keys.get(b))));
    }

    // The address keeps what was asked, for the way back from a card and for a link to a view.
    function remember() {
      const state = new URLSearchParams();
      for (const { name, value } of fields) if (value) state.set(name, value);
      if (order) state.set("sort", order);
      try {
        history.replaceState(null, "", String(state) ? "#" + state : location.href.split("#")[0]);
      } catch { /* a page opened from a disk may not change its address */ }
    }

    function recall() {
      if (location.hash && !location.hash.includes("=")) return; // a link to a heading
      const state = new URLSearchParams(location.hash.slice(1));
      for (const field of fields) field.value = state.get(field.name) ?? "";
      order = Number(state.get("sort")) || 0;
      filter();
      sort();
    }

    function refresh() {
      filter();
      remember();
    }

    function clear() {
      order = 0;
      body.append(...rows); // as they came
      sort();
      refresh();
    }

    heads.forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => {
        order = order === place + 1 ? -order : place + 1;
        sort();
        remember();
      });
      head.append(button);
    });
    form.addEventListener("input", refresh);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(clear));
    addEventListener("hashchange", recall);
    if (location.hash || fields.some((field) => field.value)) recall();
  }

  document.querySelectorAll(".tb-records").forEach(enhance);
})();
