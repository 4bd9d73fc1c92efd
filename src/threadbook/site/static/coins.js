// The papers of a long page, for Zotero: fetched once the page has settled, so that no reader waits
// for them. Zotero looks for papers again when it is told.
"use strict";

(() => {
  const SETTLED = 2000; // milliseconds after everything else has come

  async function fetchCoins() {
    const place = document.querySelector("[data-coins]");
    try {
      const answer = await fetch(place.dataset.coins);
      if (answer.ok) {
        place.innerHTML = await answer.text();
        document.dispatchEvent(new Event("ZoteroItemUpdated", { bubbles: true, cancelable: true }));
      }
    } catch {
      // on a disk nothing can be fetched: the files to download are there
    }
  }

  addEventListener("load", () => setTimeout(fetchCoins, SETTLED));
})();
