// The papers of a long page, for Zotero: fetched when the page stands, so that no reader waits for them.
"use strict";

addEventListener("load", async () => {
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
});
