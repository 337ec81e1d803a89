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
