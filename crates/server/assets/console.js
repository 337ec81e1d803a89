// Makes pages quicker to use. Everything works without it.
"use strict";

// What is typed is judged a moment later: data-check names the address, data-into the place for the answer,
// data-wait how many milliseconds later.
for (const field of document.querySelectorAll("[data-check]")) {
  const place = document.getElementById(field.dataset.into);
  let waiting, asking;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      asking?.abort();
      asking = new AbortController();
      const body = new URLSearchParams({ [field.name]: field.value });
      try {
        const answer = await fetch(field.dataset.check, { method: "POST", body, signal: asking.signal });
        if (answer.ok) {
          place.innerHTML = await answer.text();
          place.removeAttribute("data-stale");
        }
      } catch (problem) {
        if (problem.name !== "AbortError") place.setAttribute("data-stale", "");
      }
    }, field.dataset.wait ?? 400);
  });
}

// What goes on elsewhere is asked for again and again: data-poll names the address of the piece, data-every how many
// milliseconds later. When the piece says no more of it, the page is there.
async function poll(piece) {
  while (piece) {
    await new Promise((awake) => setTimeout(awake, piece.dataset.every));
    try {
      const answer = await fetch(piece.dataset.poll);
      if (!answer.ok) continue;
      const place = piece.parentElement;
      place.innerHTML = await answer.text();
      piece = place.querySelector("[data-poll]");
      if (!piece) location.reload();
    } catch {
      // The next time may do.
    }
  }
}
poll(document.querySelector("[data-poll]"));
